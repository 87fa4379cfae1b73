import { getServingStatus, ServingStatusInput } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const getServingStatusProcedure = procedure
  .input(ServingStatusInput)
  .query(({ ctx, input }) => getServingStatus({ ctx, input }));
