import { getSessionTimeline, SessionIdInput } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const getSessionTimelineProcedure = procedure
  .input(SessionIdInput)
  .query(({ ctx, input }) => getSessionTimeline({ ctx, input }));
