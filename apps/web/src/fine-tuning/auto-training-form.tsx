'use client';

import type { TrainingPolicy } from '@embedding-studio/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTRPC } from '@/trpc/client';
import { Button } from '@/ui/button';
import { errorText } from '@/ui/error-text';
import { LabelledSelect } from '@/ui/labelled-select';
import { Segmented } from '@/ui/segmented';
import { Switch } from '@/ui/switch';
import { TextField } from '@/ui/text-field';
import { toast } from '@/ui/toast';
import { SettingsFields } from './settings-fields';
import { fieldsOf, settingsOf, typedOf } from './settings-schema';

export interface AutoTrainingFormProps {
  policy: TrainingPolicy;
  refusal: string | null;
  onSaved: () => void;
}

type Numbers = Record<'sessionsMin' | 'queriesMin' | 'hoursBetween', string>;

export function AutoTrainingForm({ policy, refusal, onSaved }: AutoTrainingFormProps) {
  const [isEnabled, setEnabled] = useState(policy.isEnabled);
  const [mode, setMode] = useState(policy.mode);
  const [numbers, setNumbers] = useState<Numbers>({
    sessionsMin: String(policy.sessionsMin),
    queriesMin: String(policy.queriesMin),
    hoursBetween: String(policy.hoursBetween),
  });
  const { method, methods, fields, typed, setMethod, type, settings } = useMethod(policy);
  const save = useSave(onSaved);
  const { data: check } = useCheck(method, settings);
  const faults = new Map(check?.problems.map(({ field, message }) => [field, message]));
  const field = (key: keyof Numbers, label: string, hint: string) => (
    <TextField
      label={label}
      hint={hint}
      inputMode="numeric"
      value={numbers[key]}
      fault={Number.isFinite(Number(numbers[key])) && numbers[key].trim() !== '' ? undefined : 'A number, please'}
      onChange={(event) => setNumbers((before) => ({ ...before, [key]: event.target.value }))}
    />
  );
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        const { sessionsMin, queriesMin, hoursBetween } = numbers;
        save.mutate({
          ...{ isEnabled, mode, method, settings },
          ...{ sessionsMin: Number(sessionsMin), queriesMin: Number(queriesMin), hoursBetween: Number(hoursBetween) },
        });
      }}
    >
      <div className="flex flex-wrap items-center gap-x-6 gap-y-2">
        <Switch label="Train when there is enough new evidence" isOn={isEnabled} onChange={setEnabled} />
        <Segmented
          label="What the gate accepts"
          value={mode}
          options={[
            { value: 'propose', title: 'Propose' },
            { value: 'automatic', title: 'Automatic' },
          ]}
          onChange={setMode}
        />
        <LabelledSelect label="Method" value={method} choices={methods} onChange={setMethod} />
      </div>
      <div className="grid gap-3 sm:grid-cols-3">
        {field('sessionsMin', 'New usable sessions', 'with clicks, and nothing that speaks against them')}
        {field('queriesMin', 'Different queries among them', 'the gate needs variety')}
        {field('hoursBetween', 'Hours between runs', 'whoever asked for the last one')}
      </div>
      <details>
        <summary className="cursor-pointer text-ink-soft text-xs hover:text-ink">Settings of the method</summary>
        <div className="mt-3 grid gap-3">
          <SettingsFields fields={fields} typed={typed} problems={faults} onType={type} />
        </div>
      </details>
      {faults.size > 0 && <p className="text-bad text-xs">{[...faults.values()][0]}</p>}
      <div className="flex items-center gap-3 border-t pt-3">
        <Button
          type="submit"
          kind="primary"
          disabled={refusal !== null || faults.size > 0}
          title={refusal ?? (faults.size > 0 ? 'Mend the settings first' : undefined)}
          isPending={save.isPending}
        >
          Save
        </Button>
        <p className="text-ink-faint text-xs">
          {mode === 'propose'
            ? 'What the gate accepts waits, verified, for somebody to promote it.'
            : 'What the gate accepts goes live by itself.'}{' '}
          Workers look once a minute. The audit log keeps who decided what.
        </p>
      </div>
    </form>
  );
}

function useMethod(policy: TrainingPolicy) {
  const trpc = useTRPC();
  const { data = [] } = useQuery(trpc.plugin.listPlugins.queryOptions({ kind: 'fine-tuning-method' }));
  const [method, setMethod] = useState(policy.method);
  const [typed, setTyped] = useState(() => typedOf(policy.settings));
  const ready = data.filter(({ status }) => status === 'ready');
  const schema = ready.find(({ id }) => id === method)?.configSchema ?? null;
  const fields = useMemo(() => fieldsOf(schema), [schema]);
  return {
    ...{ method, setMethod, fields, typed },
    methods: ready.map(({ id, title }) => ({ value: id ?? '', label: title })),
    type: (key: string, text: string) => setTyped((before) => ({ ...before, [key]: text })),
    settings: fields.length === 0 ? policy.settings : settingsOf(fields, typed),
  };
}

function useCheck(method: string, settings: Record<string, unknown>) {
  const trpc = useTRPC();
  return useQuery({ ...trpc.fineTuning.checkFineTuning.queryOptions({ method, settings }), enabled: method !== '' });
}

function useSave(onSaved: () => void) {
  const trpc = useTRPC();
  const cache = useQueryClient();
  return useMutation(
    trpc.policy.updateTrainingPolicy.mutationOptions({
      onSuccess: ({ policy }) => {
        toast.success(policy.isEnabled ? 'Training starts by itself from now on.' : 'Training starts only when asked.');
        void cache.invalidateQueries({ queryKey: trpc.policy.getTrainingPolicy.queryKey() });
        onSaved();
      },
      onError: (error) => void toast.error(errorText(error)),
    }),
  );
}
