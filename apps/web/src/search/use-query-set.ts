'use client';

import type { AppRouter } from '@embedding-studio/api';
import type { inferProcedureInput } from '@trpc/server';
import { useEffect, useRef, useState } from 'react';
import { useTRPCClient } from '@/trpc/client';

type Input = inferProcedureInput<AppRouter['playground']['compareQuerySet']>;
type Handlers = Parameters<ReturnType<typeof useTRPCClient>['playground']['compareQuerySet']['subscribe']>[1];
type Update = Parameters<NonNullable<Handlers['onData']>>[0];
export type QuerySetResult = Extract<Update, { kind: 'result' }>;

interface Run {
  progress: { done: number; total: number } | null;
  result: QuerySetResult | null;
  fault: string | null;
}

const idle: Run = { progress: null, result: null, fault: null };

/** One run at a time, told as it goes; leaving the page ends it. */
export function useQuerySet() {
  const client = useTRPCClient();
  const [run, setRun] = useState(idle);
  const running = useRef<{ unsubscribe: () => void } | null>(null);
  const end = () => {
    running.current?.unsubscribe();
    running.current = null;
  };
  useEffect(() => () => running.current?.unsubscribe(), []);
  const start = (input: Input) => {
    end();
    setRun({ ...idle, progress: { done: 0, total: 0 } });
    running.current = client.playground.compareQuerySet.subscribe(input, {
      onData: (update) => {
        if (update.kind === 'progress')
          return setRun({ ...idle, progress: { done: update.done, total: update.total } });
        // The server has nothing more to say; left open, the stream would ask it all again.
        end();
        return setRun({ ...idle, result: update });
      },
      onError: (error) => {
        end();
        setRun({ ...idle, fault: `The comparison stopped: ${error.message}` });
      },
    });
  };
  const stop = () => {
    end();
    setRun(idle);
  };
  return { ...run, start, stop };
}
