import { createRandom } from '../ranking/seeded-random.ts';

/** 32 bits of a text (FNV-1a): texts that differ in one letter give seeds that have nothing in common. */
export function seedOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash ^= text.charCodeAt(index);
    hash = Math.imul(hash, 0x01000193);
  }
  return hash >>> 0;
}

/** true in half of all throws; the same seed throws the same. */
export function openCoin(seed: string): () => boolean {
  const random = createRandom(seedOf(seed));
  return () => random() < 0.5;
}
