'use client';

import { DraftField, DraftSelect } from './draft-field';
import { FieldsCard } from './fields-card';
import type { FormFieldsProps } from './form-fields';

const analyses = [
  { value: 'sequential', title: 'Sequential: look any time' },
  { value: 'fixed', title: 'Fixed: once all units have come' },
  { value: 'bayesian', title: 'Bayesian: chance to win' },
];

const rules = [
  { name: 'alpha', label: 'False alarms allowed, %', hint: 'Of each verdict and each guardrail.' },
  { name: 'unitsMin', label: 'Least units of an arm', hint: 'Below it nothing is said.' },
  { name: 'unitsExpected', label: 'Units expected', hint: 'Of all arms; the interval is narrowest there.' },
] as const;

const steps = [
  { name: 'minutesPerStep', label: 'Minutes of a step', hint: 'At least.' },
  { name: 'unitsPerStep', label: 'Units of a step', hint: 'Of each arm, at least.' },
] as const;

/** How it is decided, and the steps of a canary. */
export function RulesFields(form: FormFieldsProps) {
  const { kind } = form.draft;
  if (kind === 'shadow') return null;
  return (
    <FieldsCard title="Decision">
      {kind !== 'interleaving' && <DraftSelect form={form} name="analysis" label="Analysis" options={analyses} />}
      {rules.map((rule) => (
        <DraftField key={rule.name} form={form} inputMode="decimal" {...rule} />
      ))}
      {kind === 'canary' && (
        <>
          <DraftField
            form={form}
            name="steps"
            path="canary.steps"
            className="sm:col-span-2"
            label="Steps, % of all units"
            hint="Each larger than the one before, 50 at most; after the last one it ships."
          />
          {steps.map((step) => (
            <DraftField key={step.name} form={form} path={`canary.${step.name}`} inputMode="decimal" {...step} />
          ))}
        </>
      )}
    </FieldsCard>
  );
}
