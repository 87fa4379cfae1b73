import { createHash } from 'node:crypto';
import type { Log } from '@embedding-studio/contracts';
import type { BaseModel } from '../../src/model-source/index.ts';
import { createTinyWeights, tinyConfig, toSafetensors } from './tiny-bert.ts';

export const quiet: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => quiet };

export const tinyWeights = createTinyWeights();

/** As a model of this kind is published. */
export const tinyFiles: ReadonlyMap<string, Uint8Array> = new Map<string, Uint8Array>([
  ['config.json', Buffer.from(JSON.stringify(tinyConfig))],
  [
    'tokenizer.json',
    Buffer.from(
      JSON.stringify({ model: { type: 'WordPiece', vocab: {} }, padding: { strategy: 'x' }, truncation: {} }),
    ),
  ],
  ['model.safetensors', toSafetensors(tinyWeights)],
]);

/** Its entry in the catalogue. */
export function tinyBaseModel(sources: BaseModel['sources']): BaseModel {
  return {
    ...{ name: 'tiny', title: 'Tiny', dims: 8, maxTokens: 10, queryPrefix: '', itemPrefix: '' },
    ...{ pooling: 'masked mean', licence: 'Apache-2.0', conversion: 'bert-safetensors', sources },
    files: [...tinyFiles].map(([name, bytes]) => ({
      name,
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    })),
  };
}
