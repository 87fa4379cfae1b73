'use client';

import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTRPC } from '@/trpc/client';

/** Names of models, and of collections by their model; of other slices there are none. */
export function useSliceNames(): ReadonlyMap<string, string> {
  const trpc = useTRPC();
  const { data: models } = useQuery(trpc.model.listModels.queryOptions({ limit: 100 }));
  const { data: collections } = useQuery(trpc.collection.listCollections.queryOptions({ limit: 100 }));
  return useMemo(
    () =>
      new Map([
        ...(models ?? []).map(({ id, name }) => [id, name] as const),
        ...(collections ?? []).map(
          ({ collection, modelName }) => [collection.id, `${modelName} · ${collection.id.slice(0, 8)}`] as const,
        ),
      ]),
    [models, collections],
  );
}
