import { RevokeInvitationInput, revokeInvitation } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const revokeInvitationProcedure = procedure
  .input(RevokeInvitationInput)
  .mutation(({ ctx, input }) => revokeInvitation({ ctx, input }));
