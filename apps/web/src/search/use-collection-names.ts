'use client';

import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '@/trpc/client';

/** Collections that can be searched, live first. */
export function useServableCollections() {
  const trpc = useTRPC();
  const { data } = useQuery(
    trpc.collection.listCollections.queryOptions(
      { limit: 100 },
      {
        select: (views) =>
          views
            .filter(({ collection }) => collection.status !== 'retired')
            .sort((left, right) => Number(right.isLive) - Number(left.isLive)),
      },
    ),
  );
  return data ?? [];
}

/** What a column calls its collection: its model, and which part it plays. */
export function useCollectionNames(): (collectionId: string | undefined) => string {
  const collections = useServableCollections();
  return (collectionId) => {
    if (collectionId === undefined) return ['Live', collections.find(({ isLive }) => isLive)?.modelName].join(' · ');
    const found = collections.find(({ collection }) => collection.id === collectionId);
    if (found === undefined) return collectionId.slice(0, 12);
    return `${found.modelName} (${roleOf(found)})`;
  };
}

export function roleOf(view: { isLive: boolean; isPrevious: boolean; collection: { status: string } }): string {
  if (view.isLive) return 'live';
  return view.isPrevious ? 'standby' : view.collection.status;
}
