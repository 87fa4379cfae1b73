'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTRPC } from '@/trpc/client';
import { Button } from '@/ui/button';
import { ErrorState } from '@/ui/error-state';
import { FactList } from '@/ui/fact-list';
import { formatBytes, formatCompact, formatCount, formatDecimal, noValue } from '@/ui/format-number';
import { Peek } from '@/ui/peek';
import { SkeletonRows } from '@/ui/skeleton';
import { StatusBadge } from '@/ui/status-badge';
import { Time } from '@/ui/time';
import { DeploymentPlanCard } from './deployment-plan-card';
import { LineageChips } from './lineage-chips';
import { LineageGraph } from './lineage-graph';
import type { ModelDetail } from './model-types';

export interface ModelPeekProps {
  modelId: string;
  onClose: () => void;
  onPrevious?: () => void;
  onNext?: () => void;
}

export function ModelPeek({ modelId, onClose, onPrevious, onNext }: ModelPeekProps) {
  const trpc = useTRPC();
  const { data: model, error, refetch } = useQuery(trpc.model.describeModel.queryOptions({ modelId }));
  return (
    <Peek title={model?.name ?? 'Model'} onClose={onClose} onPrevious={onPrevious} onNext={onNext}>
      <div className="grid grid-cols-1 gap-5">
        {error && <ErrorState error={error} onRetry={() => void refetch()} />}
        {!model && !error && <SkeletonRows rows={5} />}
        {model && <ModelFacts model={model} />}
      </div>
    </Peek>
  );
}

function ModelFacts({ model }: { model: ModelDetail }) {
  const [isPlanning, setPlanning] = useState(false);
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        <StatusBadge status={model.status} />
        <code className="break-all font-mono text-2xs text-ink-faint">{model.id}</code>
      </div>
      <section>
        <h3 className="mb-2 font-semibold text-xs">Lineage</h3>
        <LineageChips model={model} />
        <div className="mt-3">
          <LineageGraph modelId={model.id} />
        </div>
      </section>
      <section>
        <h3 className="mb-2 font-semibold text-xs">Deploy</h3>
        {isPlanning ? (
          <DeploymentPlanCard modelId={model.id} />
        ) : (
          <Button onClick={() => setPlanning(true)}>Preview the plan</Button>
        )}
      </section>
      <section>
        <h3 className="mb-2 font-semibold text-xs">Facts</h3>
        <FactList facts={factsOf(model)} />
      </section>
      {model.settings !== null && (
        <section>
          <h3 className="mb-2 font-semibold text-xs">Settings of {model.method}</h3>
          <pre tabIndex={0} className="max-h-72 overflow-auto rounded-md bg-sunken p-3 font-mono text-2xs">
            {JSON.stringify(model.settings, null, 2)}
          </pre>
        </section>
      )}
    </>
  );
}

function factsOf(model: ModelDetail): [string, React.ReactNode][] {
  const { latency, serving } = model;
  const ms = (value: number | null | undefined) => (value == null ? noValue : `${formatDecimal(value, 2)} ms`);
  return [
    ['Model server', serving === null ? noValue : serving.state.toLowerCase()],
    ['Per batch', `p50 ${ms(latency?.p50Ms)}, p95 ${ms(latency?.p95Ms)}, mean ${ms(latency?.meanMs)}`],
    [
      'Measured on',
      latency === null ? noValue : `${formatCount(latency.runs)} runs, ${formatCount(latency.rows)} texts`,
    ],
    ['While computing', latency?.rowsPerSecond == null ? noValue : `${formatCompact(latency.rowsPerSecond)} texts/s`],
    ['Dimensions', model.dims],
    ['Longest text', `${formatCount(model.maxTokens)} tokens`],
    ['Files', formatBytes(model.sizeBytes)],
    ['Examples', formatCount(model.trainedOn?.examples)],
    ['Licence', model.licence],
    ['Source', model.source],
    ['Made', <Time key="made" at={model.createdAt} />],
  ];
}
