import { describeModels, ListModelsInput } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const describeModelsProcedure = procedure
  .input(ListModelsInput)
  .query(({ ctx, input }) => describeModels({ ctx, input }));
