'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Pin, PinOff } from 'lucide-react';
import { useState } from 'react';
import { formatMetric } from '@/charts/format-tick';
import { useTRPC } from '@/trpc/client';
import { Button } from '@/ui/button';
import { classNames } from '@/ui/class-names';
import { formatBytes, formatDuration } from '@/ui/format-number';
import { Peek } from '@/ui/peek';
import { inputLook, TextField } from '@/ui/text-field';
import { Time } from '@/ui/time';
import { toast } from '@/ui/toast';
import { RunStatusBadge } from './run-status-badge';

export interface RunPeekProps {
  runId: string;
  baselineRunId: string | null;
  /** Why this person may not change runs; null: they may. */
  refusal: string | null;
  onClose: () => void;
  onPrevious?: () => void;
  onNext?: () => void;
}

/** One run beside the page: what it was given, what it reached, what people say about it. */
export function RunPeek({ runId, baselineRunId, refusal, onClose, onPrevious, onNext }: RunPeekProps) {
  const trpc = useTRPC();
  const { data: run, error } = useQuery(trpc.run.getRun.queryOptions({ runId }));
  const isBaseline = runId === baselineRunId;
  const pin = usePin();
  return (
    <Peek title={run?.name ?? 'Run'} {...{ onClose, onPrevious, onNext }}>
      {error && <p className="text-bad">{error.message}</p>}
      {!run && !error && <div className="h-48 animate-pulse rounded bg-sunken" />}
      {run && (
        <div className="grid gap-5">
          <div className="flex flex-wrap items-center gap-2">
            <RunStatusBadge status={run.status} />
            <span className="text-ink-soft text-xs">
              started <Time at={run.startedAt} />
              {run.endedAt && `, took ${formatDuration(run.endedAt.getTime() - run.startedAt.getTime())}`}
            </span>
            <Button
              size="small"
              className="ml-auto"
              disabled={refusal !== null}
              title={refusal ?? undefined}
              isPending={pin.isPending}
              onClick={() =>
                pin.mutate({ experimentId: run.experiment.experimentId, runId: isBaseline ? null : runId })
              }
            >
              {isBaseline ? <PinOff /> : <Pin />} {isBaseline ? 'Unpin baseline' : 'Pin as baseline'}
            </Button>
          </div>
          <RunNotes key={runId} runId={runId} note={run.note} labels={run.labels} refusal={refusal} />
          <Facts title="Metrics" rows={Object.entries(run.metrics).map(([key, value]) => [key, formatMetric(value)])} />
          <Facts title="Params" rows={Object.entries(run.params)} />
          <Facts title="Files" rows={run.artefacts.map(({ path, bytes }) => [path, formatBytes(bytes)])} />
        </div>
      )}
    </Peek>
  );
}

function usePin() {
  const trpc = useTRPC();
  const cache = useQueryClient();
  return useMutation(
    trpc.run.pinBaseline.mutationOptions({
      onSuccess: async ({ baselineRunId }) => {
        await cache.invalidateQueries({ queryKey: trpc.run.listExperiments.queryKey() });
        toast.success(
          baselineRunId === null ? 'No baseline any more' : 'Pinned: other runs show their difference to it',
        );
      },
      onError: (error) => toast.error(error.message),
    }),
  );
}

function Facts({ title, rows }: { title: string; rows: readonly (readonly [string, string])[] }) {
  if (rows.length === 0) return null;
  return (
    <section>
      <h3 className="mb-1 font-semibold text-xs">{title}</h3>
      <dl className="grid grid-cols-[minmax(0,1fr)_auto] text-xs">
        {rows.map(([key, value]) => (
          <div key={key} className="col-span-2 grid grid-cols-subgrid border-t py-1">
            <dt className="truncate font-mono text-ink-soft" title={key}>
              {key}
            </dt>
            <dd className="nums max-w-56 truncate text-right" title={value}>
              {value}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function RunNotes(props: { runId: string; note: string; labels: string[]; refusal: string | null }) {
  const { runId, refusal } = props;
  const [note, setNote] = useState(props.note);
  const [labels, setLabels] = useState(props.labels.join(', '));
  const trpc = useTRPC();
  const cache = useQueryClient();
  const save = useMutation(
    trpc.run.updateRun.mutationOptions({
      onSuccess: async () => {
        await cache.invalidateQueries({ queryKey: trpc.run.pathKey() });
        toast.success('Saved');
      },
      onError: (error) => toast.error(error.message),
    }),
  );
  const isChanged = note !== props.note || labels !== props.labels.join(', ');
  const wanted = labels.split(',').map((label) => label.trim());
  return (
    <form
      className="grid gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate({ runId, note, labels: wanted.filter(Boolean) });
      }}
    >
      <label className="grid gap-1 font-medium text-xs">
        Note
        <textarea
          rows={3}
          value={note}
          readOnly={refusal !== null}
          onChange={(event) => setNote(event.target.value)}
          placeholder="What was tried, and what came of it"
          className={classNames(inputLook, 'h-auto py-1.5 font-normal')}
        />
      </label>
      <TextField
        label="Labels"
        hint="Separated by commas"
        value={labels}
        readOnly={refusal !== null}
        onChange={(event) => setLabels(event.target.value)}
      />
      {isChanged && (
        <Button type="submit" kind="primary" size="small" className="justify-self-start" isPending={save.isPending}>
          Save
        </Button>
      )}
    </form>
  );
}
