'use client';

import type { AppRouter } from '@embedding-studio/api';
import { projectHeader } from '@embedding-studio/contracts';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createTRPCClient, httpBatchStreamLink, httpLink, httpSubscriptionLink, splitLink } from '@trpc/client';
import { type ReactNode, useState } from 'react';
import superjson from 'superjson';
import { projectParameter } from '@/shell/project-names';
import { TRPCProvider } from './client';

const url = '/api/trpc';
/** What is longer goes as a body: addresses are short. */
const addressCharsMax = 1_200;

function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { staleTime: 10_000, retry: (failures, error) => failures < 2 && !isRefusal(error) },
    },
  });
}

/** A refusal stays one however often it is asked; only outages are worth another try. */
function isRefusal(error: unknown): boolean {
  const status = (error as { data?: { httpStatus?: number } })?.data?.httpStatus;
  return status !== undefined && status >= 400 && status < 500;
}

/** Queries and mutations in batches, streamed as they are answered; subscriptions as server-sent events. */
function createClient(project: string | null) {
  const headers = project === null ? {} : { [projectHeader]: project };
  const streamUrl = project === null ? url : `${url}?${projectParameter}=${project}`;
  return createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: (operation) => operation.type === 'subscription',
        true: httpSubscriptionLink({ url: streamUrl, transformer: superjson }),
        false: splitLink({
          condition: ({ type, input }) => type === 'query' && JSON.stringify(input ?? null).length > addressCharsMax,
          true: httpLink({ url, headers, transformer: superjson, methodOverride: 'POST' }),
          false: httpBatchStreamLink({ url, headers, transformer: superjson, maxItems: 20, maxURLLength: 4_000 }),
        }),
      }),
    ],
  });
}

/** Calls and what they answered are of one project; null where there is no other. */
export function ApiProvider({ project, children }: { project: string | null; children: ReactNode }) {
  const [queryClient] = useState(createQueryClient);
  const [trpcClient] = useState(() => createClient(project));
  return (
    <QueryClientProvider client={queryClient}>
      <TRPCProvider trpcClient={trpcClient} queryClient={queryClient}>
        {children}
      </TRPCProvider>
    </QueryClientProvider>
  );
}
