import { UpdateExperimentPolicyInput, updateExperimentPolicy } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const updateExperimentPolicyProcedure = procedure
  .input(UpdateExperimentPolicyInput)
  .mutation(({ ctx, input }) => updateExperimentPolicy({ ctx, input }));
