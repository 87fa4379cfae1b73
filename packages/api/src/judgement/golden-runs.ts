import { getGoldenRuns, requestGoldenRun, UpdateGoldenPolicyInput, updateGoldenPolicy } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const getGoldenRunsProcedure = procedure.query(({ ctx }) => getGoldenRuns({ ctx }));

export const requestGoldenRunProcedure = procedure.mutation(({ ctx }) => requestGoldenRun({ ctx }));

export const updateGoldenPolicyProcedure = procedure
  .input(UpdateGoldenPolicyInput)
  .mutation(({ ctx, input }) => updateGoldenPolicy({ ctx, input }));
