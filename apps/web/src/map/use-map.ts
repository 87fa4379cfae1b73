'use client';

import type { ProjectionManifest } from '@embedding-studio/contracts';
import { useQuery } from '@tanstack/react-query';
import { useTRPC, useTRPCClient } from '@/trpc/client';
import { joinChunks } from './map-points';

const together = 4;

/** All points of a map, read chunk by chunk, four at a time. */
export function useMap(manifest: ProjectionManifest | null) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const { collectionId = '', taskId = '', chunks = 0 } = manifest ?? {};
  return useQuery({
    queryKey: [...trpc.projection.getProjectionChunk.queryKey({ collectionId, taskId }), 'all'],
    enabled: manifest !== null,
    staleTime: Infinity,
    queryFn: async () => {
      const found = [];
      for (let start = 0; start <= chunks; start += together) {
        const some = Array.from({ length: Math.min(together, chunks + 1 - start) }, (_, at) => start + at);
        found.push(
          ...(await Promise.all(
            some.map((chunk) => client.projection.getProjectionChunk.query({ collectionId, taskId, chunk })),
          )),
        );
      }
      return joinChunks(found);
    },
  });
}
