import { InviteUserInput, inviteUser } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const inviteUserProcedure = procedure
  .input(InviteUserInput)
  .mutation(({ ctx, input }) => inviteUser({ ctx, input }));
