/** mulberry32: small, and the same numbers everywhere. */
export function makeRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const latent = 32;
const spread = 0.7;
const noise = 0.02;

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/**
 * Draws unit vectors around centres in a latent space of few dimensions, with a little noise in all of them:
 * neighbourhoods as embeddings of texts have them. The same seed draws the same space.
 */
export function createVectorSource(options: { dims: number; clusters: number; seed: number }): () => Float32Array {
  const random = makeRandom(options.seed);
  const draw = (length: number) => Float32Array.from({ length }, () => normal(random));
  const basis = Array.from({ length: latent }, () => draw(options.dims));
  const centres = Array.from({ length: options.clusters }, () => draw(latent));
  return () => {
    const centre = centres[Math.floor(random() * centres.length)] ?? draw(latent);
    const vector = new Float32Array(options.dims);
    for (let at = 0; at < options.dims; at++) vector[at] = noise * latent * (random() - 0.5);
    basis.forEach((direction, axis) => {
      const weight = (centre[axis] ?? 0) + spread * normal(random);
      for (let at = 0; at < options.dims; at++) vector[at] = (vector[at] ?? 0) + weight * (direction[at] ?? 0);
    });
    const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
    return vector.map((value) => value / length);
  };
}
