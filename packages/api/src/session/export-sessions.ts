import { ExportSessionsInput, exportSessions } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const exportSessionsProcedure = procedure
  .input(ExportSessionsInput)
  .query(({ ctx, input }) => exportSessions({ ctx, input }));
