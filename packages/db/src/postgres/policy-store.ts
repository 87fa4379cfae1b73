import type { PolicyName, PolicyStore, StoredPolicies } from '@embedding-studio/contracts';
import type { Connection } from './connection.ts';

const recallMs = 1_000;

interface Remembered {
  readAt: number;
  value: Promise<StoredPolicies[PolicyName] | null>;
}

export function createPolicyStore(connection: Connection): PolicyStore {
  const known = new Map<PolicyName, Remembered>();
  async function findPolicy<N extends PolicyName>(name: N) {
    const [row] = await connection.query<{ value: StoredPolicies[N]; updatedAt: Date }>(
      'SELECT value, updated_at AS "updatedAt" FROM policies WHERE name = $1',
      [name],
    );
    return row ?? null;
  }
  return {
    findPolicy,
    recallPolicy<N extends PolicyName>(name: N) {
      const remembered = known.get(name);
      if (remembered !== undefined && performance.now() - remembered.readAt < recallMs)
        return remembered.value as Promise<StoredPolicies[N] | null>;
      const value = findPolicy(name).then((found) => found?.value ?? null);
      known.set(name, { readAt: performance.now(), value });
      // What failed is asked for again; whoever awaits it hears of the failure.
      value.catch(() => known.delete(name));
      return value;
    },
    async putPolicy(name, value) {
      await connection.query(
        `INSERT INTO policies (name, value) VALUES ($1, $2::jsonb)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated_at = now()`,
        [name, JSON.stringify(value)],
      );
      known.delete(name);
    },
  };
}
