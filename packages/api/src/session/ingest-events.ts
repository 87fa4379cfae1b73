import { IngestEventsInput, ingestEvents } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const ingestEventsProcedure = procedure
  .input(IngestEventsInput)
  .mutation(({ ctx, input }) => ingestEvents({ ctx, input }));
