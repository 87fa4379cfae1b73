import { UpdateRetentionInput, updateRetention } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const updateRetentionProcedure = procedure
  .input(UpdateRetentionInput)
  .mutation(({ ctx, input }) => updateRetention({ ctx, input }));
