import { ListSessionsInput, listSessions } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const listSessionsProcedure = procedure
  .input(ListSessionsInput)
  .query(({ ctx, input }) => listSessions({ ctx, input }));
