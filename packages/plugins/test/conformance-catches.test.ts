import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  type ConformanceCheck,
  commonChecks,
  imageProcessorChecks,
  loaderChecks,
  queryProcessorChecks,
  rankerChecks,
  splitterChecks,
  textProcessorChecks,
  vectorAdjusterChecks,
} from '../src/conformance/index.ts';
import {
  defineImageProcessor,
  defineLoader,
  defineQueryProcessor,
  defineRanker,
  defineSplitter,
  defineTextProcessor,
  defineVectorAdjuster,
  pluginApiVersion,
  type RankerHit,
  type RankInput,
  type RgbImage,
  type SourceRow,
} from '../src/spec/index.ts';

const facts = {
  apiVersion: pluginApiVersion,
  ...{ id: 'test.faulty', version: '1.0.0', title: 'Faulty', needs: [] },
  ...{ description: 'Breaks a promise on purpose.', config: z.strictObject({}) },
} as const;

async function listFailures(checks: readonly ConformanceCheck[]): Promise<string[]> {
  const outcomes = await Promise.allSettled(checks.map(({ run }) => run()));
  return checks.flatMap(({ name }, at) => (outcomes[at]?.status === 'rejected' ? [name] : []));
}

describe('every suite finds the plugin that breaks its promise', () => {
  test('facts', async () => {
    const rank = () => [];
    const loose = defineRanker({ ...facts, kind: 'ranker', config: z.object({ a_b: z.string().default('') }), rank });
    expect(await listFailures(commonChecks(loose, {}))).toEqual([
      'config with an unknown key is refused',
      'every key of the config is described or has a plain name',
    ]);
    const drifting = z.strictObject({
      days: z
        .number()
        .default(1)
        .transform((days) => days + 1),
    });
    const unstable = defineRanker({ ...facts, kind: 'ranker', needs: ['payload', 'payload'], config: drifting, rank });
    expect(await listFailures(commonChecks(unstable, {}))).toEqual([
      'needs are named once each',
      'parsed config parses to itself',
    ]);
  });

  const hits: RankerHit[] = [2, 1].map((score) => ({ itemId: `${score}`, score, cosine: 1, lexical: 0, payload: {} }));
  const rankers = {
    'it changes the order of what it is made for': ({ hits: given }: RankInput) => given,
    'no hits give no hits': () => [{ itemId: '1', score: 1 }],
    'it answers with given items only, each at most once': ({ hits: given }: RankInput) =>
      given.flatMap((hit) => [hit, hit]),
    'scores are finite and do not rise down the list': ({ hits: given }: RankInput) => [...given].reverse(),
    'equal hits give equal answers and stay as they were': ({ hits: given }: RankInput) => {
      for (const hit of given) hit.score += 1;
      return given;
    },
  };
  test.each(Object.entries(rankers))('ranker: %s', async (name, rank) => {
    const faulty = defineRanker({
      ...{ ...facts, kind: 'ranker' },
      rank: (input) => rank(input).map(({ itemId, score }) => ({ itemId, score, explain: {} })),
    });
    expect(await listFailures(rankerChecks(faulty, { config: {}, hits: structuredClone(hits) }))).toContain(name);
  });

  test('query processor', async () => {
    let calls = 0;
    const faulty = defineQueryProcessor({
      ...{ ...facts, kind: 'query-processor' },
      process: () => ({ text: '', expansions: [{ text: `${calls++}`, weight: 2 }], reasons: [] }),
    });
    const fixture = { config: {}, changes: { text: 'a', gives: { text: 'b' } }, keeps: 'c' };
    expect(await listFailures(queryProcessorChecks(faulty, fixture))).toHaveLength(5);
  });

  test('vector adjuster', async () => {
    const reckless = defineVectorAdjuster({
      ...{ ...facts, kind: 'vector-adjuster' },
      adjust: ({ vector, evidence }) => {
        vector[0] = 0.5;
        return evidence[0]?.vector ?? Float32Array.of(1);
      },
    });
    const failures = await listFailures(vectorAdjusterChecks(reckless, { config: {} }));
    expect(failures).toContain('no evidence gives the vector back');
    expect(failures).toContain('one voice, however loud, moves less than many');
    expect(failures).toContain('what is passed over does not come nearer');
    expect(failures).toContain('equal input gives equal output and stays as it was');
    const still = defineVectorAdjuster({
      ...facts,
      kind: 'vector-adjuster',
      adjust: ({ vector }) => vector.map((v) => v * 2),
    });
    const others = await listFailures(vectorAdjusterChecks(still, { config: {} }));
    expect(others).toContain('the result has unit length, the same dimensions and finite values');
  });

  test('texts', async () => {
    let calls = 0;
    const counting = defineTextProcessor({ ...facts, kind: 'text-processor', process: (text) => `${text} ${calls++}` });
    const fixture = { config: {}, samples: ['one two'] };
    expect(await listFailures(textProcessorChecks(counting, fixture))).toEqual(['equal text gives equal text']);
    const idle = defineTextProcessor({ ...facts, kind: 'text-processor', process: (text) => text });
    expect(await listFailures(textProcessorChecks(idle, fixture))).toEqual(['it changes some text']);
    const sloppy = defineSplitter({ ...facts, kind: 'splitter', split: (text) => text.split(' ') });
    expect(await listFailures(splitterChecks(sloppy, fixture))).toEqual([
      'parts are trimmed and none is empty',
      'a text without words has no parts',
    ]);
    const blunt = defineSplitter({ ...facts, kind: 'splitter', split: (text) => [text.trim()].filter(Boolean) });
    expect(await listFailures(splitterChecks(blunt, fixture))).toEqual(['it cuts what it is made for']);
  });

  test('images', async () => {
    const listWith = (process: (image: RgbImage) => RgbImage) => {
      const plugin = defineImageProcessor({ ...facts, kind: 'image-processor', process });
      return listFailures(imageProcessorChecks(plugin, { config: {}, changes: { width: 4, height: 4 } }));
    };
    expect(await listWith((image) => image)).toEqual(['it changes an image that it is made for']);
    expect(await listWith((image) => ({ ...image, width: image.width + 1 }))).toContain('an image comes out whole');
    const inPlace = (image: RgbImage) => ({ ...image, data: image.data.fill(7) });
    expect(await listWith(inPlace)).toContain('the image that was given stays as it was');
  });

  test('loader', async () => {
    const row = (key: string): SourceRow => ({ record: { key, fields: { key } }, cursor: key });
    const keys = ['a', 'b', 'c', 'd'];
    const forgetful = defineLoader({
      ...{ ...facts, kind: 'loader' },
      testConnection: async () => [{ name: 'open', ok: true, message: '' }],
      preview: async () => ({ rows: keys.map((key) => ({ key })), columns: [] }),
      // Neither the cursor nor the abort is looked at.
      async *read() {
        yield* keys.map(row);
      },
    });
    const broken = [{ config: {}, failsAt: 'open' }];
    expect(await listFailures(loaderChecks(forgetful, { config: {}, broken }))).toEqual([
      'a connection test stops at «open» and says why',
      'a preview shows at most as many rows as asked, and a column for every field',
      'a read that goes on from a cursor misses nothing and repeats nothing',
      'an aborted read ends',
    ]);
  });
});
