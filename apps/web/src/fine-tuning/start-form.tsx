'use client';

import type { FineTuningCheck } from '@embedding-studio/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useTRPC } from '@/trpc/client';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { classNames } from '@/ui/class-names';
import { formatCount, formatDuration } from '@/ui/format-number';
import { LabelledSelect } from '@/ui/labelled-select';
import { inputLook } from '@/ui/text-field';
import { toast } from '@/ui/toast';
import { SettingsFields } from './settings-fields';
import { useStartForm } from './use-start-form';

export interface StartFormProps {
  /** Job whose settings the form begins with. */
  cloneOf: string | null;
  refusal: string | null;
  onClose: () => void;
}

const searchHint =
  'Nine trials of learning rate, trained part and the like share this time; the best of them is then trained in full';

/** Starts a fine-tuning: says what is wrong field by field and how long it would take before anything runs. */
export function StartForm({ cloneOf, refusal, onClose }: StartFormProps) {
  const form = useStartForm(cloneOf);
  const { method, methods, fields, typed, problems, batches, models, request } = form;
  const trpc = useTRPC();
  const cache = useQueryClient();
  const router = useRouter();
  const start = useMutation(
    trpc.fineTuning.requestFineTuning.mutationOptions({
      onSuccess: async ({ task, rollout }) => {
        await cache.invalidateQueries({ queryKey: trpc.fineTuning.pathKey() });
        toast.success('Fine-tuning requested');
        router.push(`/fine-tuning/${encodeURIComponent(rollout?.id ?? task.id)}`);
      },
      onError: (error) => toast.error(error.message),
    }),
  );
  const { data: check } = useQuery({
    ...trpc.fineTuning.checkFineTuning.queryOptions(request.check),
    enabled: method !== '',
  });
  const faults = new Map(check?.problems.map(({ field, message }) => [field, message]));
  return (
    <Card
      className="mb-4"
      title={cloneOf === null ? 'New fine-tuning' : 'New fine-tuning with the settings of an earlier one'}
      hint={methods.find(({ id }) => id === method)?.description}
      actions={
        <Button size="icon" kind="quiet" aria-label="Close the form" onClick={onClose}>
          <X />
        </Button>
      }
    >
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          start.mutate(request.start);
        }}
      >
        <div className="flex flex-wrap gap-x-6 gap-y-2">
          <LabelledSelect
            label="Method"
            value={method}
            choices={methods.map(({ id, title }) => ({ value: id ?? '', label: title }))}
            onChange={form.setMethod}
          />
          <LabelledSelect label="From model" value={form.baseModelId} choices={models} onChange={form.setBaseModelId} />
          <LabelledSelect label="Sessions" value={form.batchId} choices={batches} onChange={form.setBatchId} />
          <label className="inline-flex items-center gap-1.5 text-xs">
            <input
              type="checkbox"
              checked={form.deploys}
              onChange={(event) => form.setDeploys(event.target.checked)}
              className="accent-(--accent)"
            />
            Roll out if the gate accepts
          </label>
          <label className="inline-flex items-center gap-1.5 text-xs" title={searchHint}>
            Search settings first, minutes
            <input
              inputMode="decimal"
              placeholder="no search"
              value={form.searchMinutes}
              onChange={(event) => form.setSearchMinutes(event.target.value)}
              className={classNames(inputLook, 'h-7 w-24')}
            />
          </label>
        </div>
        {problems !== null && <p className="text-bad text-xs">{problems}</p>}
        {form.obstacle !== null && <p className="text-warn text-xs">{form.obstacle}</p>}
        <SettingsFields fields={fields} typed={typed} problems={faults} onType={form.type} />
        {faults.has('') && <p className="text-bad text-xs">{faults.get('')}</p>}
        <div className="flex flex-wrap items-center gap-3 border-t pt-3">
          <Button
            type="submit"
            kind="primary"
            disabled={refusal !== null || faults.size > 0 || form.obstacle !== null}
            title={refusal ?? form.obstacle ?? (faults.size > 0 ? 'Mend the marked settings first' : undefined)}
            isPending={start.isPending}
          >
            Start fine-tuning
          </Button>
          <EstimateText check={check} />
        </div>
      </form>
    </Card>
  );
}

function EstimateText({ check }: { check: FineTuningCheck | undefined }) {
  const estimate = check?.estimate;
  if (!estimate) return null;
  const limit = estimate.secondsMax === null ? '' : `, at most ${formatDuration(estimate.secondsMax * 1_000)}`;
  return (
    <p className="nums text-ink-soft text-xs" data-testid="estimate">
      {estimate.seconds === null
        ? `No earlier run to estimate by${limit}`
        : `About ${formatDuration(estimate.seconds * 1_000)}${limit}: ${formatCount(estimate.queries)} queries an epoch at ${estimate.queriesPerSecond?.toFixed(1)} a second, as measured in ${estimate.basedOnRuns} earlier runs`}
    </p>
  );
}
