import { type EmbedRequest, type Log, StudioError } from '@embedding-studio/contracts';
import { expect, it } from 'vitest';
import { guardQueries } from '../src/model-server/guard-queries.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} } as unknown as Log;
const query: EmbedRequest = { modelId: 'm', texts: ['boots'], kind: 'query' };
const vector = Float32Array.of(1, 0);
const away = () => new StudioError('MODEL_SERVER_UNAVAILABLE', 'away');

function guarded(answers: (call: number, request: EmbedRequest) => Promise<Float32Array[]>, restMs = 10_000) {
  let calls = 0;
  const encoder = guardQueries(
    { embed: (request) => answers(++calls, request) },
    { deadlineMs: 40, failuresMax: 4, restMs, log: silent },
  );
  return { encoder, calls: () => calls };
}

it('tries once more after a failure of the server, and never more often', async () => {
  const once = guarded(async (call) => {
    if (call === 1) throw away();
    return [vector];
  });
  expect(await once.encoder.embed(query)).toEqual([vector]);
  const never = guarded(() => Promise.reject(away()));
  await expect(never.encoder.embed(query)).rejects.toMatchObject({ code: 'MODEL_SERVER_UNAVAILABLE' });
  expect(never.calls()).toBe(2);
});

it('does not repeat what failed for another reason', async () => {
  const broken = guarded(() => Promise.reject(new StudioError('MODEL_INVALID', 'NaN')));
  await expect(broken.encoder.embed(query)).rejects.toMatchObject({ code: 'MODEL_INVALID' });
  expect(broken.calls()).toBe(1);
});

it('gives up on a server that does not answer, and tells it so', async () => {
  const aborted: boolean[] = [];
  const stuck = guarded(
    (_, { signal }) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => {
          aborted.push(true);
          reject(new StudioError('ABORTED', 'The caller gave up.'));
        });
      }),
  );
  await expect(stuck.encoder.embed(query)).rejects.toMatchObject({ code: 'MODEL_SERVER_UNAVAILABLE' });
  expect(aborted).toEqual([true, true]);
});

it('leaves a server alone that failed four times in a row, and comes back to it', async () => {
  let isUp = false;
  const flaky = guarded(async () => {
    if (!isUp) throw away();
    return [vector];
  }, 60);
  for (let query_ = 0; query_ < 5; query_++)
    await expect(flaky.encoder.embed(query)).rejects.toMatchObject({ code: 'MODEL_SERVER_UNAVAILABLE' });
  expect(flaky.calls()).toBe(4);
  isUp = true;
  await expect.poll(() => flaky.encoder.embed(query).catch(() => null), { interval: 20 }).toEqual([vector]);
});

it('has the patience of its caller for bulk work', async () => {
  const slow = guarded(async () => {
    await new Promise((resolve) => setTimeout(resolve, 80));
    return [vector];
  });
  expect(await slow.encoder.embed({ ...query, kind: 'item' })).toEqual([vector]);
});

it('says that the caller gave up when it did', async () => {
  const controller = new AbortController();
  const stuck = guarded(
    (_, { signal }) => new Promise((_r, reject) => signal?.addEventListener('abort', () => reject(away()))),
  );
  const asked = stuck.encoder.embed({ ...query, signal: controller.signal });
  controller.abort();
  await expect(asked).rejects.toMatchObject({ code: 'ABORTED' });
});
