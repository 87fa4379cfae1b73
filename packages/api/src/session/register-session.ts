import { RegisterSessionInput, registerSession } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const registerSessionProcedure = procedure
  .input(RegisterSessionInput)
  .mutation(({ ctx, input }) => registerSession({ ctx, input }));
