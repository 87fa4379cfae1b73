import { ListInvitationsInput, listInvitations } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const listInvitationsProcedure = procedure
  .input(ListInvitationsInput)
  .query(({ ctx, input }) => listInvitations({ ctx, input }));
