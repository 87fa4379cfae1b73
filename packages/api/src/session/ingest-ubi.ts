import { IngestUbiInput, ingestUbi } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const ingestUbiProcedure = procedure
  .input(IngestUbiInput)
  .mutation(({ ctx, input }) => ingestUbi({ ctx, input }));
