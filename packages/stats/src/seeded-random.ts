/** xoshiro128**: 32-bit draws, seeded through splitmix32 so that neighbouring seeds give unrelated streams. */
export interface SeededRandom {
  /** Uniform in [0, 1), 32 bits of resolution. */
  next(): number;
  /** Uniform integer in [0, below). */
  nextIndex(below: number): number;
}

export function createSeededRandom(seed: number): SeededRandom {
  const state = seedState(seed);
  let [a, b, c, d] = state;
  const draw = (): number => {
    const product = Math.imul(b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return result;
  };
  return {
    next: () => draw() / 4294967296,
    nextIndex: (below) => Math.floor((draw() / 4294967296) * below),
  };
}

function seedState(seed: number): [number, number, number, number] {
  let position = Math.floor(seed) | 0;
  const word = (): number => {
    position = (position + 0x9e3779b9) | 0;
    let mixed = position ^ (position >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return mixed ^ (mixed >>> 15);
  };
  return [word(), word(), word(), word() | 1];
}
