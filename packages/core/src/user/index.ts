export * from './admit-user.ts';
export * from './change-user.ts';
export * from './get-policy.ts';
export * from './invite-user.ts';
export * from './list-users.ts';
export * from './revoke-invitation.ts';
export * from './set-up-code.ts';
export * from './user-actor.ts';
