import { UpdateRunInput, updateRun } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const updateRunProcedure = procedure
  .input(UpdateRunInput)
  .mutation(({ ctx, input }) => updateRun({ ctx, input }));
