import type { Role, UserRecord } from '@embedding-studio/contracts';
import { signInTables } from '@embedding-studio/db/postgres';
import type { TestStudio } from './start-test-studio.ts';

/** An account as the console's sign-in library makes it. */
export async function createTestUser(
  studio: TestStudio,
  { email, role }: { email: string; role: Role },
): Promise<UserRecord> {
  const adapter = studio.postgres.stores.signIn({
    user: { modelName: signInTables.user, additionalFields: { role: { type: 'string' } } },
  });
  const data = { name: email, email, emailVerified: false, role, createdAt: new Date(), updatedAt: new Date() };
  const { id } = await adapter.create<{ id: string }>({ model: 'user', data: data as never });
  const user = await studio.deps.users.findUser(id);
  if (user === null) throw new TypeError(`${email} was not stored`);
  return user;
}
