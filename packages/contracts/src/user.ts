import type { Role } from './actor.ts';
import type { ProjectRoles } from './project.ts';

/** A person who signs in to the console. Passwords and sign-in sessions belong to the sign-in library. */
export interface UserRecord {
  id: string;
  name: string;
  /** Lower case; unique. */
  email: string;
  /** `admin`: of the whole installation. */
  role: Role;
  /** Roles by project; null: `role`, in the first project alone. */
  projectRoles: ProjectRoles | null;
  /** Since when this person may not sign in; null: may. */
  disabledAt: Date | null;
  /** Start of the newest sign-in session; null: never signed in, or signed out since long. */
  lastSeenAt: Date | null;
  createdAt: Date;
}

/** Lets one person with this address create an account. The token is shown once; only its hash is stored. */
export interface InvitationRecord {
  id: string;
  email: string;
  role: Role;
  projectRoles: ProjectRoles | null;
  /** SHA-256 of the token, hex. */
  tokenHash: string;
  invitedBy: string;
  expiresAt: Date;
  acceptedAt: Date | null;
  createdAt: Date;
}
