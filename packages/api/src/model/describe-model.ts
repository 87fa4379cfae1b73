import { describeModel, GetModelInput } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const describeModelProcedure = procedure
  .input(GetModelInput)
  .query(({ ctx, input }) => describeModel({ ctx, input }));
