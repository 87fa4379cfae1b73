'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useId, useState } from 'react';
import { useRefusal } from '@/shell/signed-in-user';
import { useTRPC, useTRPCClient } from '@/trpc/client';
import { Card } from '@/ui/card';
import { errorText } from '@/ui/error-text';
import { formatShare } from '@/ui/format-number';
import { toast } from '@/ui/toast';
import type { Experiment } from './experiment-types';

/** Share of the experiment's units that take part; what it was before is one click away. */
export function TrafficCard({ experiment }: { experiment: Experiment }) {
  const { definition } = experiment;
  const stored = Math.round(definition.traffic * 100);
  const refusal = useRefusal('engineer');
  const id = useId();
  const [percent, setPercent] = useState(stored);
  useEffect(() => setPercent(stored), [stored]);
  const change = useTraffic(experiment, () => setPercent(stored));
  const commit = () => {
    if (percent !== stored && !change.isPending) change.mutate(percent);
  };
  return (
    <Card
      title="Traffic"
      hint={`Of the ${formatShare(definition.layerShare, 0)} of layer ${definition.layer} kept for it`}
    >
      <label htmlFor={id} className="flex justify-between gap-3 text-xs">
        <span className="font-medium">Takes part now</span>
        <output className="nums font-medium">{percent} %</output>
      </label>
      <input
        id={id}
        type="range"
        min={0}
        max={100}
        step={1}
        className="mt-1 w-full accent-(--accent)"
        value={percent}
        disabled={refusal !== null}
        title={refusal ?? undefined}
        aria-valuetext={`${percent} %`}
        aria-describedby={`${id}-hint`}
        onChange={(event) => setPercent(Number(event.target.value))}
        onPointerUp={commit}
        onKeyUp={commit}
        onBlur={commit}
      />
      <p id={`${id}-hint`} className="mt-1 text-ink-faint text-xs">
        {refusal ?? 'Counts within seconds. Who took part before keeps its arm when traffic grows again.'}
      </p>
    </Card>
  );
}

function useTraffic({ id: experimentId, definition }: Experiment, onFailed: () => void) {
  const client = useTRPCClient();
  const trpc = useTRPC();
  const cache = useQueryClient();
  const before = definition.traffic;
  const set = (traffic: number) => client.experiment.updateExperiment.mutate({ experimentId, change: { traffic } });
  const renew = () => cache.invalidateQueries(trpc.experiment.pathFilter());
  const undo = () =>
    set(before)
      .then(renew)
      .catch((error) => toast.error(errorText(error)));
  return useMutation({
    mutationFn: (percent: number) => set(percent / 100),
    onSuccess: async (_stored, percent) => {
      await renew();
      toast.success(`Traffic is ${percent} % now.`, { action: { label: 'Undo', onClick: () => void undo() } });
    },
    onError: (error) => {
      onFailed();
      toast.error(errorText(error));
    },
  });
}
