/** A random BERT of a few hundred weights, and what it must answer, computed here in plain loops. */
export const tinyConfig = {
  model_type: 'bert',
  hidden_act: 'gelu',
  hidden_size: 8,
  intermediate_size: 12,
  num_attention_heads: 2,
  num_hidden_layers: 2,
  layer_norm_eps: 1e-12,
  max_position_embeddings: 10,
  type_vocab_size: 2,
  vocab_size: 20,
};

export type TinyWeights = Map<string, { dims: number[]; values: Float32Array }>;

function createRandom(seed: number) {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return state / 4294967296 - 0.5;
  };
}

export function createTinyWeights(config = tinyConfig, seed = 7): TinyWeights {
  const random = createRandom(seed);
  const weights: TinyWeights = new Map();
  const add = (name: string, ...dims: number[]) => {
    const size = dims.reduce((product, dim) => product * dim, 1);
    weights.set(name, { dims, values: Float32Array.from({ length: size }, () => random()) });
  };
  const linear = (name: string, outer: number, inner: number) => {
    add(`${name}.weight`, outer, inner);
    add(`${name}.bias`, outer);
  };
  const { hidden_size: size, intermediate_size: wide } = config;
  add('embeddings.word_embeddings.weight', config.vocab_size, size);
  add('embeddings.position_embeddings.weight', config.max_position_embeddings, size);
  add('embeddings.token_type_embeddings.weight', config.type_vocab_size, size);
  linear('embeddings.LayerNorm', size, 1);
  weights.set('embeddings.LayerNorm.weight', { dims: [size], values: new Float32Array(size).fill(1.25) });
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    const at = `encoder.layer.${layer}`;
    for (const role of ['query', 'key', 'value']) linear(`${at}.attention.self.${role}`, size, size);
    linear(`${at}.attention.output.dense`, size, size);
    linear(`${at}.intermediate.dense`, wide, size);
    linear(`${at}.output.dense`, size, wide);
    for (const norm of ['attention.output.LayerNorm', 'output.LayerNorm']) {
      add(`${at}.${norm}.weight`, size);
      add(`${at}.${norm}.bias`, size);
    }
  }
  return weights;
}

export function toSafetensors(weights: TinyWeights, extra: Record<string, unknown> = {}): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' }, ...extra };
  const chunks: Uint8Array[] = [];
  let offset = 0;
  for (const [name, { dims, values }] of weights) {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    header[name] = { dtype: 'F32', shape: dims, data_offsets: [offset, offset + bytes.length] };
    chunks.push(bytes);
    offset += bytes.length;
  }
  return withHeader(header, Buffer.concat(chunks));
}

export function withHeader(header: unknown, payload: Uint8Array): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(text.length), true);
  return Buffer.concat([length, text, payload]);
}

type Vector = number[];
const at = (values: Float32Array | Vector | undefined, index: number) => values?.[index] ?? Number.NaN;

// Abramowitz and Stegun would be too coarse: a Taylor sum is exact for the small arguments met here.
function erf(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; n < 60; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

/** The unit vector that the encoder must give for one text without padding. */
export function encodeTiny(weights: TinyWeights, ids: number[], config = tinyConfig): Vector {
  const get = (name: string) => weights.get(name)?.values;
  const size = config.hidden_size;
  const linear = (input: Vector, name: string): Vector => {
    const bias = get(`${name}.bias`) ?? new Float32Array();
    const weight = get(`${name}.weight`);
    return Array.from(bias, (shift, out) =>
      input.reduce((sum, value, inner) => sum + value * at(weight, out * input.length + inner), shift),
    );
  };
  const norm = (input: Vector, name: string): Vector => {
    const mean = input.reduce((sum, value) => sum + value, 0) / size;
    const variance = input.reduce((sum, value) => sum + (value - mean) ** 2, 0) / size;
    const scale = 1 / Math.sqrt(variance + config.layer_norm_eps);
    return input.map((value, i) => (value - mean) * scale * at(get(`${name}.weight`), i) + at(get(`${name}.bias`), i));
  };
  const plus = (a: Vector, b: Vector) => a.map((value, i) => value + at(b, i));
  const row = (name: string, index: number) => Array.from({ length: size }, (_, i) => at(get(name), index * size + i));
  let hidden = ids.map((id, position) => {
    const words = row('embeddings.word_embeddings.weight', id);
    const types = row('embeddings.token_type_embeddings.weight', 0);
    return norm(
      plus(plus(words, types), row('embeddings.position_embeddings.weight', position)),
      'embeddings.LayerNorm',
    );
  });
  const headSize = size / config.num_attention_heads;
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    const name = `encoder.layer.${layer}`;
    const project = (role: string) => hidden.map((token) => linear(token, `${name}.attention.self.${role}`));
    const [query, key, value] = [project('query'), project('key'), project('value')];
    hidden = hidden.map((token, position) => {
      const mixed: Vector = [];
      for (let head = 0; head < config.num_attention_heads; head++) {
        const part = (vector: Vector | undefined) => (vector ?? []).slice(head * headSize, (head + 1) * headSize);
        const own = part(query[position]);
        const scores = key.map((other) =>
          Math.exp(part(other).reduce((sum, x, i) => sum + x * at(own, i), 0) / Math.sqrt(headSize)),
        );
        const total = scores.reduce((sum, score) => sum + score, 0);
        for (let i = 0; i < headSize; i++)
          mixed.push(scores.reduce((sum, score, other) => sum + (score / total) * at(part(value[other]), i), 0));
      }
      const middle = norm(
        plus(linear(mixed, `${name}.attention.output.dense`), token),
        `${name}.attention.output.LayerNorm`,
      );
      const raised = linear(middle, `${name}.intermediate.dense`).map((x) => 0.5 * x * (1 + erf(x / Math.SQRT2)));
      return norm(plus(linear(raised, `${name}.output.dense`), middle), `${name}.output.LayerNorm`);
    });
  }
  const mean = Array.from(
    { length: size },
    (_, i) => hidden.reduce((sum, token) => sum + at(token, i), 0) / ids.length,
  );
  const length = Math.sqrt(mean.reduce((sum, value) => sum + value * value, 0));
  return mean.map((value) => value / length);
}
