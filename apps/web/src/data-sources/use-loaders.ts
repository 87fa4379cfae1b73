'use client';

import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '@/trpc/client';
import type { JsonSchema } from '@/ui/json-schema';

/** The loaders that can be used now, with the schema of their config. */
export function useLoaders() {
  const trpc = useTRPC();
  const query = useQuery(trpc.plugin.listPlugins.queryOptions({ kind: 'loader' }));
  const loaders = (query.data ?? []).flatMap(({ id, title, description, status, configSchema }) =>
    id === null || status !== 'ready'
      ? []
      : [{ id, title, description, configSchema: configSchema as JsonSchema | null }],
  );
  return { query, loaders };
}
