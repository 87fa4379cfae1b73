'use client';

import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTRPC } from '@/trpc/client';

/** Names of models, of collections by their model, and of arms by their experiment; of other slices there are none. */
export function useSliceNames(): ReadonlyMap<string, string> {
  const trpc = useTRPC();
  const { data: models } = useQuery(trpc.model.listModels.queryOptions({ limit: 100 }));
  const { data: collections } = useQuery(trpc.collection.listCollections.queryOptions({ limit: 100 }));
  const { data: experiments } = useQuery(trpc.experiment.findExperiments.queryOptions({ limit: 200 }));
  return useMemo(
    () =>
      new Map([
        ...(models ?? []).map(({ id, name }) => [id, name] as const),
        ...(collections ?? []).map(
          ({ collection, modelName }) => [collection.id, `${modelName} · ${collection.id.slice(0, 8)}`] as const,
        ),
        ...(experiments?.rows ?? []).flatMap(({ id, name, arms }) =>
          [...arms.map((arm) => arm.name), 'interleaved'].map((arm) => [`${id}/${arm}`, `${name} · ${arm}`] as const),
        ),
      ]),
    [models, collections, experiments],
  );
}
