import { createHash } from 'node:crypto';
import type { ItemRecord, VectorRow } from '@embedding-studio/contracts';

export function makeItem(id: string, change: Partial<Omit<ItemRecord, 'id' | 'contentHash'>> = {}): ItemRecord {
  const content = { title: '', body: '', payload: {}, parts: [id], ...change };
  const contentHash = createHash('sha256').update(JSON.stringify([content.title, content.body, content.parts]));
  return { id, ...content, contentHash: contentHash.digest('hex') };
}

/** Small linear congruential generator: tests draw the same numbers everywhere. */
export function makeRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

export function toUnit(values: Float32Array): Float32Array {
  const length = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
  return values.map((value) => value / length);
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Unit vectors around `clusters` centres in a latent space: neighbourhoods as real embeddings have them. */
export function makeClusteredVectors(options: { count: number; dims: number; clusters: number; seed: number }) {
  const random = makeRandom(options.seed);
  const latent = 24;
  const basis = Array.from({ length: latent }, () => Float32Array.from({ length: options.dims }, () => normal(random)));
  const centres = Array.from({ length: options.clusters }, () => Array.from({ length: latent }, () => normal(random)));
  return Array.from({ length: options.count }, (_, i) => {
    const centre = centres[i % options.clusters] ?? [];
    const vector = new Float32Array(options.dims);
    for (let d = 0; d < latent; d++) {
      const weight = (centre[d] ?? 0) + 0.6 * normal(random);
      const direction = basis[d] ?? vector;
      for (let j = 0; j < options.dims; j++) vector[j] = (vector[j] ?? 0) + weight * (direction[j] ?? 0);
    }
    return toUnit(vector);
  });
}

export function toRow(item: ItemRecord, vector: Float32Array, ordinal = 0): VectorRow {
  return { itemId: item.id, ordinal, contentHash: item.contentHash, vector };
}

/** Texts that break out of careless SQL, shells of SQL, LIKE patterns, tsquery and JSON. */
export const hostileTexts = [
  "'; DROP TABLE items; --",
  '"; DROP TABLE collections CASCADE; --',
  "' OR '1'='1",
  "x'); DELETE FROM items WHERE ('1'='1",
  '$1; SELECT pg_sleep(10)',
  '$$; TRUNCATE audit_log; $$',
  "E'\\047; DROP TABLE models; --",
  '%_\\%',
  "a & | ! ( ) : * <-> 'b",
  '{"$where":"sleep(1000)"}',
  "\\'; SELECT 1; --",
  '../../etc/passwd',
  '\u202e\u0301\ud83d\ude00 ﷽',
  '/* */ UNION SELECT secret_hash FROM api_keys --',
];
