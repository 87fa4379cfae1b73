'use client';

import { Plus, Trash2 } from 'lucide-react';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { SelectField } from '@/ui/select-field';
import { TextField } from '@/ui/text-field';
import { faultAt } from './definition-of';
import { nextLine } from './experiment-draft';
import { comparableMetrics, metricOf } from './experiment-words';
import { type FormFieldsProps, withLine } from './form-fields';

const options = comparableMetrics.map(({ id, title }) => ({ value: id, title }));

/** What decides, what is looked at besides, and what must not get worse. */
export function MetricFields({ draft, faults, change }: FormFieldsProps) {
  const { primaryMetric, secondaryMetrics } = draft;
  const toggle = (id: string) =>
    change({
      secondaryMetrics: secondaryMetrics.includes(id)
        ? secondaryMetrics.filter((one) => one !== id)
        : [...secondaryMetrics, id],
    });
  return (
    <Card title="Metrics" hint="One decides; the others explain, and guard.">
      <div className="grid gap-4 lg:grid-cols-2">
        <div className="grid content-start gap-4">
          <SelectField
            label="Primary metric"
            value={primaryMetric}
            options={options}
            hint={metricOf(primaryMetric).description}
            fault={faultAt(faults, 'primaryMetric')}
            onChange={(value) => change({ primaryMetric: value })}
          />
          <fieldset>
            <legend className="mb-1 font-medium text-xs">Secondary metrics</legend>
            <div className="grid gap-x-4 gap-y-1 sm:grid-cols-2">
              {comparableMetrics
                .filter(({ id }) => id !== primaryMetric)
                .map(({ id, title, description }) => (
                  <label key={id} className="inline-flex min-h-6 items-center gap-1.5 text-xs" title={description}>
                    <input
                      type="checkbox"
                      className="accent-(--accent)"
                      checked={secondaryMetrics.includes(id)}
                      onChange={() => toggle(id)}
                    />
                    {title}
                  </label>
                ))}
            </div>
            {faultAt(faults, 'secondaryMetrics') && (
              <p className="mt-1 text-bad text-xs">{faultAt(faults, 'secondaryMetrics')}</p>
            )}
          </fieldset>
        </div>
        <GuardrailFields {...{ draft, faults, change }} />
      </div>
    </Card>
  );
}

function GuardrailFields({ draft, faults, change }: FormFieldsProps) {
  const { guardrails } = draft;
  const unused = options.find(({ value }) => !guardrails.some(({ metric }) => metric === value));
  const add = () =>
    change({
      guardrails: [...guardrails, { line: nextLine(guardrails), metric: unused?.value ?? '', lossMax: '5' }],
    });
  return (
    <fieldset className="grid content-start gap-2">
      <legend className="mb-1 font-medium text-xs">Guardrails</legend>
      <p className="text-ink-faint text-xs">
        An arm that is surely worse than this is rolled back, whatever the primary metric says.
      </p>
      {guardrails.map(({ line, metric, lossMax }, at) => (
        <div key={line} className="flex items-start gap-2">
          <SelectField
            className="min-w-0 flex-1"
            label="Metric"
            value={metric}
            options={options}
            fault={faultAt(faults, `guardrails.${at}.metric`)}
            onChange={(value) => change({ guardrails: withLine(guardrails, line, { metric: value }) })}
          />
          <TextField
            className="w-28"
            label="Loss allowed, %"
            inputMode="decimal"
            value={lossMax}
            fault={faultAt(faults, `guardrails.${at}.lossMax`)}
            onChange={(event) => change({ guardrails: withLine(guardrails, line, { lossMax: event.target.value }) })}
          />
          <Button
            kind="quiet"
            size="icon"
            className="mt-5 size-8"
            aria-label={`Remove the guardrail ${metric}`}
            onClick={() => change({ guardrails: guardrails.filter((one) => one.line !== line) })}
          >
            <Trash2 />
          </Button>
        </div>
      ))}
      <Button size="small" className="w-fit" onClick={add} disabled={guardrails.length >= 10}>
        <Plus /> Add a guardrail
      </Button>
    </fieldset>
  );
}
