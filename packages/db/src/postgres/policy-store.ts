import type { PolicyName, PolicyStore, StoredPolicies } from '@embedding-studio/contracts';
import type { Connection } from './connection.ts';

export function createPolicyStore(connection: Connection): PolicyStore {
  return {
    async findPolicy<N extends PolicyName>(name: N) {
      const [row] = await connection.query<{ value: StoredPolicies[N]; updatedAt: Date }>(
        'SELECT value, updated_at AS "updatedAt" FROM policies WHERE name = $1',
        [name],
      );
      return row ?? null;
    },
    async putPolicy(name, value) {
      await connection.query(
        `INSERT INTO policies (name, value) VALUES ($1, $2::jsonb)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated_at = now()`,
        [name, JSON.stringify(value)],
      );
    },
  };
}
