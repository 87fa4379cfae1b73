'use client';

import { ExperimentKind } from '@embedding-studio/contracts';
import { useId } from 'react';
import { classNames } from '@/ui/class-names';
import { SelectField } from '@/ui/select-field';
import { inputLook } from '@/ui/text-field';
import { faultAt } from './definition-of';
import { DraftField, DraftSelect } from './draft-field';
import { kindWords } from './experiment-words';
import { FieldsCard } from './fields-card';
import type { FormFieldsProps } from './form-fields';

const kinds = ExperimentKind.options.map((value) => ({ value, title: kindWords[value].title }));
const units = [
  { value: 'user', title: 'Users' },
  { value: 'session', title: 'Search sessions' },
  { value: 'key', title: 'Application keys' },
];

const trafficHint = 'Of that share, at the start; it may change while it runs.';

const methods = [
  { value: 'team-draft', title: 'Team draft' },
  { value: 'balanced', title: 'Balanced' },
];

/** Name, kind, and how much traffic it may take. */
export function BasicFields(form: FormFieldsProps) {
  const { draft, faults, change } = form;
  const { kind } = draft;
  const isCanary = kind === 'canary';
  const offered = isCanary ? units.filter(({ value }) => value !== 'key') : units;
  return (
    <FieldsCard title="What it is">
      <DraftField form={form} name="name" label="Name" className="sm:col-span-2 xl:col-span-1" />
      <SelectField
        label="Kind"
        value={kind}
        options={kinds}
        fault={faultAt(faults, 'kind')}
        onChange={(value) => change({ kind: ExperimentKind.parse(value) })}
      />
      <DraftSelect form={form} name="unit" label="Who is assigned" options={offered} />
      <p className="text-ink-soft text-xs sm:col-span-2 xl:col-span-3">{kindWords[kind].hint}</p>
      <Hypothesis {...form} />
      <DraftField form={form} name="layer" label="Layer" hint="Experiments of one layer never share a unit." />
      <DraftField
        form={form}
        name="layerShare"
        label="Share of the layer, %"
        hint="Kept for this experiment."
        inputMode="decimal"
      />
      {!isCanary && <DraftField form={form} name="traffic" label="Traffic, %" hint={trafficHint} inputMode="decimal" />}
      {kind === 'interleaving' && (
        <DraftSelect form={form} name="interleaving" label="Lists are made by" options={methods} />
      )}
    </FieldsCard>
  );
}

function Hypothesis({ draft, faults, change }: FormFieldsProps) {
  const id = useId();
  const fault = faultAt(faults, 'hypothesis');
  return (
    <div className="sm:col-span-2 xl:col-span-3">
      <label htmlFor={id} className="mb-1 block font-medium text-xs">
        Hypothesis
      </label>
      <textarea
        id={id}
        rows={2}
        className={classNames(inputLook, 'h-auto py-1.5')}
        placeholder="What changes for people, in which figure, and why you think so"
        value={draft.hypothesis}
        onChange={(event) => change({ hypothesis: event.target.value })}
      />
      {fault && <p className="mt-1 text-bad text-xs">{fault}</p>}
    </div>
  );
}
