'use client';

import type { Role } from '@embedding-studio/contracts';
import { createContext, useContext } from 'react';

export interface SignedInUser {
  id: string;
  name: string;
  email: string;
  /** In this project. */
  role: Role;
  /** An admin of the whole installation: may manage people. */
  managesPeople: boolean;
}

export const UserContext = createContext<SignedInUser | null>(null);

export function useUser(): SignedInUser {
  const user = useContext(UserContext);
  if (user === null) throw new TypeError('useUser is for pages behind sign-in.');
  return user;
}

const rank: Record<Role, number> = { viewer: 0, analyst: 1, engineer: 2, admin: 3 };

/** Null when the role suffices, else what to show on the disabled control. The procedures decide on their own. */
export function useRefusal(needed: Role): string | null {
  const { role } = useUser();
  return rank[role] >= rank[needed] ? null : `Needs the role ${needed}; yours is ${role}.`;
}

/** The same for people and their roles, which are of the whole installation. */
export function usePeopleRefusal(): string | null {
  const { role, managesPeople } = useUser();
  if (managesPeople) return null;
  return role === 'admin' ? 'Needs an admin of all projects.' : `Needs the role admin; yours is ${role}.`;
}
