/** Uniform draws in [0, 1) from a 32-bit counter mixed by multiplication; the same seed gives the same draws. */
export function createRandom(seed: number): () => number {
  let position = Math.imul(Math.floor(seed) | 0, 0x2545f491) ^ 0x51ed270b;
  return () => {
    position = (position + 0x9e3779b9) | 0;
    let mixed = Math.imul(position ^ (position >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 4294967296;
  };
}

/** A new array in random order. */
export function shuffle<T>(values: readonly T[], random: () => number): T[] {
  const shuffled = [...values];
  for (let index = shuffled.length - 1; index > 0; index--) {
    const other = Math.floor(random() * (index + 1));
    const held = shuffled[index] as T;
    shuffled[index] = shuffled[other] as T;
    shuffled[other] = held;
  }
  return shuffled;
}
