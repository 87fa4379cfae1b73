import { ImportSessionsInput, importSessions } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const importSessionsProcedure = procedure
  .input(ImportSessionsInput)
  .mutation(({ ctx, input }) => importSessions({ ctx, input }));
