'use client';

import { Card } from '@/ui/card';
import { SelectField } from '@/ui/select-field';
import { TextField } from '@/ui/text-field';
import { faultAt } from './definition-of';
import type { ExperimentDraft } from './experiment-draft';
import type { FormFieldsProps } from './form-fields';

const analyses = [
  { value: 'sequential', title: 'Sequential: look any time' },
  { value: 'fixed', title: 'Fixed: once all units have come' },
  { value: 'bayesian', title: 'Bayesian: chance to win' },
];

type Named = 'alpha' | 'unitsMin' | 'unitsExpected';

const rules: { name: Named; label: string; hint: string }[] = [
  { name: 'alpha', label: 'False alarms allowed, %', hint: 'Of each verdict and each guardrail.' },
  { name: 'unitsMin', label: 'Least units of an arm', hint: 'Below it nothing is said.' },
  { name: 'unitsExpected', label: 'Units expected', hint: 'Of all arms; the interval is narrowest there.' },
];

const steps: { name: 'minutesPerStep' | 'unitsPerStep'; label: string; hint: string }[] = [
  { name: 'minutesPerStep', label: 'Minutes of a step', hint: 'At least.' },
  { name: 'unitsPerStep', label: 'Units of a step', hint: 'Of each arm, at least.' },
];

/** How it is decided, and the steps of a canary. */
export function RulesFields({ draft, faults, change }: FormFieldsProps) {
  const { kind, analysis } = draft;
  if (kind === 'shadow') return null;
  const number = (name: keyof ExperimentDraft & (Named | 'minutesPerStep' | 'unitsPerStep'), path: string) => ({
    inputMode: 'decimal' as const,
    value: draft[name],
    fault: faultAt(faults, path),
    onChange: (event: { target: { value: string } }) => change({ [name]: event.target.value }),
  });
  return (
    <Card title="Decision">
      <div className="grid gap-3 sm:grid-cols-2 xl:grid-cols-3">
        {kind !== 'interleaving' && (
          <SelectField
            label="Analysis"
            value={analysis}
            options={analyses}
            fault={faultAt(faults, 'analysis')}
            onChange={(value) => change({ analysis: value })}
          />
        )}
        {rules.map(({ name, label, hint }) => (
          <TextField key={name} label={label} hint={hint} {...number(name, name)} />
        ))}
        {kind === 'canary' && (
          <>
            <TextField
              className="sm:col-span-2"
              label="Steps, % of all units"
              hint="Each larger than the one before, 50 at most; after the last one it ships."
              value={draft.steps}
              fault={faultAt(faults, 'canary.steps')}
              onChange={(event) => change({ steps: event.target.value })}
            />
            {steps.map(({ name, label, hint }) => (
              <TextField key={name} label={label} hint={hint} {...number(name, `canary.${name}`)} />
            ))}
          </>
        )}
      </div>
    </Card>
  );
}
