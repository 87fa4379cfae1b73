import { PushEventsInput, pushEvents } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const pushEventsProcedure = procedure
  .input(PushEventsInput)
  .mutation(({ ctx, input }) => pushEvents({ ctx, input }));
