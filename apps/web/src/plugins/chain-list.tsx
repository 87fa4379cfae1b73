'use client';

import { ArrowDown, ArrowUp, X } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/ui/button';
import { checkValue, type JsonSchema } from '@/ui/json-schema';
import { SchemaForm } from '@/ui/schema-form';
import { Select } from '@/ui/select';
import { TextField } from '@/ui/text-field';
import type { Chain, Plugin } from './use-plugins';

type Step = Chain['rankers'][number];

export interface ChainListProps {
  title: string;
  hint: string;
  steps: Step[];
  stepsMax?: number;
  /** Those of this kind. */
  plugins: Plugin[];
  isDisabled: boolean;
  onChange: (steps: Step[]) => void;
}

/** The steps of one kind in their order: moved, taken out, added, set. */
export function ChainList({ title, hint, steps, stepsMax = 8, plugins, isDisabled, onChange }: ChainListProps) {
  const [openId, setOpenId] = useState<string | null>(null);
  const free = plugins.filter(
    ({ id, status }) => id !== null && status !== 'failed' && !steps.some((step) => step.id === id),
  );
  const move = (from: number, to: number) => {
    const moved = [...steps];
    moved.splice(to, 0, ...moved.splice(from, 1));
    onChange(moved);
  };
  return (
    <section>
      <h3 className="font-medium">{title}</h3>
      <p className="mb-2 text-ink-faint text-xs">{hint}</p>
      {steps.length > 0 && (
        <ol className="mb-2 divide-y rounded-md border" aria-label={title}>
          {steps.map((step, at) => (
            <li key={step.id} className="p-2">
              <div className="flex flex-wrap items-center gap-2">
                <span className="nums w-5 text-center text-ink-faint">{at + 1}</span>
                <button
                  type="button"
                  aria-expanded={openId === step.id}
                  className="min-w-0 flex-1 truncate text-left hover:underline"
                  onClick={() => setOpenId(openId === step.id ? null : step.id)}
                >
                  <span className="font-medium">{plugins.find(({ id }) => id === step.id)?.title ?? step.id}</span>{' '}
                  <span className="nums text-ink-faint text-xs">at most {step.deadlineMs} ms</span>
                </button>
                <MoveButtons step={step} at={at} count={steps.length} isDisabled={isDisabled} onMove={move} />
                <Button
                  kind="quiet"
                  size="icon"
                  aria-label={`Take ${step.id} out`}
                  disabled={isDisabled}
                  onClick={() => onChange(steps.filter(({ id }) => id !== step.id))}
                >
                  <X />
                </Button>
              </div>
              {openId === step.id && (
                <StepForm
                  step={step}
                  plugin={plugins.find(({ id }) => id === step.id)}
                  isDisabled={isDisabled}
                  onChange={(next) => onChange(steps.map((one) => (one.id === step.id ? next : one)))}
                />
              )}
            </li>
          ))}
        </ol>
      )}
      {steps.length < stepsMax && free.length > 0 && (
        <Select
          label={`Add to ${title.toLowerCase()}`}
          className="min-w-56"
          isDisabled={isDisabled}
          value="add"
          options={[
            { value: 'add', title: steps.length === 0 ? 'None. Add one …' : 'Add one …', isDisabled: true },
            ...free.map((plugin) => ({ value: plugin.id ?? '', title: plugin.title })),
          ]}
          onChange={(id) => onChange([...steps, { id, config: {}, deadlineMs: 50 }])}
        />
      )}
    </section>
  );
}

interface MoveButtonsProps {
  step: Step;
  at: number;
  count: number;
  isDisabled: boolean;
  onMove: (from: number, to: number) => void;
}

function MoveButtons({ step, at, count, isDisabled, onMove }: MoveButtonsProps) {
  if (count < 2) return null;
  return (
    <>
      <Button
        kind="quiet"
        size="icon"
        aria-label={`Move ${step.id} up`}
        disabled={isDisabled || at === 0}
        onClick={() => onMove(at, at - 1)}
      >
        <ArrowUp />
      </Button>
      <Button
        kind="quiet"
        size="icon"
        aria-label={`Move ${step.id} down`}
        disabled={isDisabled || at === count - 1}
        onClick={() => onMove(at, at + 1)}
      >
        <ArrowDown />
      </Button>
    </>
  );
}

interface StepFormProps {
  step: Step;
  plugin: Plugin | undefined;
  isDisabled: boolean;
  onChange: (step: Step) => void;
}

function StepForm({ step, plugin, isDisabled, onChange }: StepFormProps) {
  const schema = (plugin?.configSchema ?? null) as JsonSchema | null;
  return (
    <div className="mt-2 space-y-4 rounded-md bg-sunken p-3">
      {schema !== null && (
        <SchemaForm
          schema={schema}
          value={step.config}
          faults={checkValue(schema, step.config)}
          isDisabled={isDisabled}
          onChange={(config) => onChange({ ...step, config })}
        />
      )}
      <TextField
        label="Longest wait, ms"
        hint="Then the search goes on without it."
        type="number"
        min={1}
        max={2_000}
        className="max-w-48"
        disabled={isDisabled}
        value={step.deadlineMs}
        onChange={({ target }) => onChange({ ...step, deadlineMs: Number(target.value) })}
      />
    </div>
  );
}
