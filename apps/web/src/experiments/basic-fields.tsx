'use client';

import { ExperimentKind } from '@embedding-studio/contracts';
import { useId } from 'react';
import { Card } from '@/ui/card';
import { classNames } from '@/ui/class-names';
import { SelectField } from '@/ui/select-field';
import { inputLook, TextField } from '@/ui/text-field';
import { faultAt } from './definition-of';
import { kindWords } from './experiment-words';
import type { FormFieldsProps } from './form-fields';

const kinds = ExperimentKind.options.map((value) => ({ value, title: kindWords[value].title }));
const units = [
  { value: 'user', title: 'Users' },
  { value: 'session', title: 'Search sessions' },
  { value: 'key', title: 'Application keys' },
];

/** Name, kind, and how much traffic it may take. */
export function BasicFields({ draft, faults, change }: FormFieldsProps) {
  const { kind } = draft;
  const isCanary = kind === 'canary';
  return (
    <Card title="What it is">
      <div className="grid gap-3 sm:grid-cols-2 xl:grid-cols-3">
        <TextField
          className="sm:col-span-2 xl:col-span-1"
          label="Name"
          value={draft.name}
          fault={faultAt(faults, 'name')}
          onChange={(event) => change({ name: event.target.value })}
        />
        <SelectField
          label="Kind"
          value={kind}
          options={kinds}
          fault={faultAt(faults, 'kind')}
          onChange={(value) => change({ kind: ExperimentKind.parse(value) })}
        />
        <SelectField
          label="Who is assigned"
          value={draft.unit}
          options={units.filter(({ value }) => !(isCanary && value === 'key'))}
          fault={faultAt(faults, 'unit')}
          onChange={(unit) => change({ unit })}
        />
        <p className="text-ink-soft text-xs sm:col-span-2 xl:col-span-3">{kindWords[kind].hint}</p>
        <Hypothesis {...{ draft, faults, change }} />
        <TextField
          label="Layer"
          hint="Experiments of one layer never share a unit."
          value={draft.layer}
          fault={faultAt(faults, 'layer')}
          onChange={(event) => change({ layer: event.target.value })}
        />
        <TextField
          label="Share of the layer, %"
          hint="Kept for this experiment."
          inputMode="decimal"
          value={draft.layerShare}
          fault={faultAt(faults, 'layerShare')}
          onChange={(event) => change({ layerShare: event.target.value })}
        />
        {!isCanary && (
          <TextField
            label="Traffic, %"
            hint="Of that share, at the start; it may change while it runs."
            inputMode="decimal"
            value={draft.traffic}
            fault={faultAt(faults, 'traffic')}
            onChange={(event) => change({ traffic: event.target.value })}
          />
        )}
        {kind === 'interleaving' && (
          <SelectField
            label="Lists are made by"
            value={draft.interleaving}
            options={[
              { value: 'team-draft', title: 'Team draft' },
              { value: 'balanced', title: 'Balanced' },
            ]}
            onChange={(interleaving) => change({ interleaving })}
          />
        )}
      </div>
    </Card>
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
