import { UpdateTrainingPolicyInput, updateTrainingPolicy } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const updateTrainingPolicyProcedure = procedure
  .input(UpdateTrainingPolicyInput)
  .mutation(({ ctx, input }) => updateTrainingPolicy({ ctx, input }));
