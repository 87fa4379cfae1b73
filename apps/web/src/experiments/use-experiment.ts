'use client';

import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '@/trpc/client';
import type { Standing } from './experiment-types';

const lookEveryMs = 10_000;

/** The experiment with its units; looked at again every ten seconds while it runs. */
export function useExperiment(experimentId: string) {
  const trpc = useTRPC();
  return useQuery(
    trpc.experiment.getExperiment.queryOptions(
      { experimentId },
      { refetchInterval: ({ state }) => (isRunning(state.data) ? lookEveryMs : false) },
    ),
  );
}

const isRunning = (standing: Standing | undefined): boolean => standing?.experiment.state === 'running';
