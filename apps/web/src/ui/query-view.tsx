'use client';

import type { ReactNode } from 'react';
import { ErrorState } from './error-state';
import { SkeletonRows } from './skeleton';

export interface QueryViewProps<T> {
  /** What `useQuery` returns. */
  query: { data: T | undefined; error: unknown; isPending: boolean; refetch: () => unknown };
  /** Default: rows. */
  skeleton?: ReactNode;
  children: (data: T) => ReactNode;
}

/** Skeleton, then the data; an error offers another try. Data on the screen stays there while it is renewed. */
export function QueryView<T>({ query, skeleton, children }: QueryViewProps<T>) {
  if (query.data !== undefined) return children(query.data);
  if (query.error) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  return <div aria-busy="true">{skeleton ?? <SkeletonRows />}</div>;
}
