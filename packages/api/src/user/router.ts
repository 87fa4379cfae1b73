import { router } from '../trpc.ts';
import { changeUserProcedure } from './change-user.ts';
import { getPolicyProcedure } from './get-policy.ts';
import { inviteUserProcedure } from './invite-user.ts';
import { listInvitationsProcedure } from './list-invitations.ts';
import { listUsersProcedure } from './list-users.ts';
import { revokeInvitationProcedure } from './revoke-invitation.ts';

export const userRouter = router({
  getPolicy: getPolicyProcedure,
  listUsers: listUsersProcedure,
  changeUser: changeUserProcedure,
  inviteUser: inviteUserProcedure,
  listInvitations: listInvitationsProcedure,
  revokeInvitation: revokeInvitationProcedure,
});
