'use client';

import type { AppRouter } from '@embedding-studio/api';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import type { inferRouterOutputs } from '@trpc/server';
import { useMemo } from 'react';
import { useTRPC, useTRPCClient } from '@/trpc/client';

export type Phrase = inferRouterOutputs<AppRouter>['suggestion']['listPhrases'][number];

export interface PhraseFilter {
  text: string;
  label: string;
  domain: string;
  source: 'all' | 'given' | 'learned';
}

const limit = 200;

/** Phrases in the order of their text, page after page. */
export function usePhrases({ text, label, domain, source }: PhraseFilter) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const filter = {
    ...(text && { text }),
    ...(label && { label }),
    ...(domain && { domain }),
    ...(source !== 'all' && { source }),
  };
  const query = useInfiniteQuery({
    queryKey: [...trpc.suggestion.pathKey(), 'phrases', filter],
    queryFn: ({ pageParam, signal }) =>
      client.suggestion.listPhrases.query({ ...filter, limit, ...(pageParam && { after: pageParam }) }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => (page.length < limit ? undefined : page.at(-1)?.key),
    placeholderData: (before) => before,
  });
  const rows = useMemo(() => query.data?.pages.flat() ?? [], [query.data]);
  return { query, rows };
}

/** Everything that shows phrases is read anew. */
export function useRefreshPhrases() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  return () => void queryClient.invalidateQueries(trpc.suggestion.pathFilter());
}
