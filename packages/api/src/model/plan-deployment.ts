import { GetModelInput, planDeployment } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const planDeploymentProcedure = procedure
  .input(GetModelInput)
  .query(({ ctx, input }) => planDeployment({ ctx, input }));
