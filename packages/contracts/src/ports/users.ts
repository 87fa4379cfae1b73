import type { Role } from '../actor.ts';
import type { ProjectPlace, ProjectRoles } from '../project.ts';
import type { InvitationRecord, UserRecord } from '../user.ts';

export type NewInvitation = Omit<InvitationRecord, 'acceptedAt' | 'createdAt'>;

export interface UserStore {
  countUsers(): Promise<number>;
  /** null when unknown. */
  findUser(id: string): Promise<UserRecord | null>;
  findUserByEmail(email: string): Promise<UserRecord | null>;
  /** Newest first; with `place` those who may enter that project. */
  listUsers(page: { after: string | null; limit: number; place?: ProjectPlace }): Promise<UserRecord[]>;
  /**
   * Changes roles or access and, where access ends or the role changes, ends the sign-in sessions. INPUT_INVALID when
   * unknown, and when it would leave no admin who can sign in.
   */
  changeUser(change: {
    id: string;
    role?: Role;
    projectRoles?: ProjectRoles | null;
    disabledAt?: Date | null;
  }): Promise<UserRecord>;
  /** An open invitation of the same address is replaced. */
  createInvitation(invitation: NewInvitation): Promise<InvitationRecord>;
  /** By SHA-256 of the token, whether still open or not; null when unknown. */
  findInvitationByHash(tokenHash: string): Promise<InvitationRecord | null>;
  findInvitationByEmail(email: string): Promise<InvitationRecord | null>;
  /** Newest first; accepted ones are left out. */
  listInvitations(page: { after: string | null; limit: number }): Promise<InvitationRecord[]>;
  /** True for the one caller who accepts it; false when it was accepted already. */
  acceptInvitation(id: string, at: Date): Promise<boolean>;
  deleteInvitation(id: string): Promise<void>;
}
