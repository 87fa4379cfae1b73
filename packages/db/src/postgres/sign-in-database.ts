import { drizzleAdapter } from '@better-auth/drizzle-adapter';
import { drizzle } from 'drizzle-orm/node-postgres';
import type { Connection } from './connection.ts';
import { accounts, signIns, users, verifications } from './user-schema.ts';

export type SignInDatabase = ReturnType<typeof drizzleAdapter>;

/** Names of the tables, for the sign-in library's `modelName`s. */
export const signInTables = { user: 'users', session: 'signIns', account: 'accounts', verification: 'verifications' };

/** The adapter that the sign-in library takes as its `database`. */
export function createSignInDatabase(connection: Connection): SignInDatabase {
  const schema = { users, signIns, accounts, verifications };
  return drizzleAdapter(drizzle(connection.pool, { schema }), { provider: 'pg', schema, transaction: true });
}
