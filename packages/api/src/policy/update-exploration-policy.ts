import { UpdateExplorationPolicyInput, updateExplorationPolicy } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const updateExplorationPolicyProcedure = procedure
  .input(UpdateExplorationPolicyInput)
  .mutation(({ ctx, input }) => updateExplorationPolicy({ ctx, input }));
