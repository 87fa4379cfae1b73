import { getSession, SessionIdInput } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const getSessionProcedure = procedure
  .input(SessionIdInput)
  .query(({ ctx, input }) => getSession({ ctx, input }));
