import { ModelServingInput, requestModelDeployment } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const requestModelDeploymentProcedure = procedure
  .input(ModelServingInput)
  .mutation(({ ctx, input }) => requestModelDeployment({ ctx, input }));
