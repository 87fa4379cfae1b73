import { RequestProjectionInput, requestProjection } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const requestProjectionProcedure = procedure
  .input(RequestProjectionInput)
  .mutation(({ ctx, input }) => requestProjection({ ctx, input }));
