import { setTimeout as sleep } from 'node:timers/promises';
import { ask, type Caller, tell } from './ask.ts';

interface Pair {
  live: { collection: { modelId: string } };
  standby: object | null;
}

const waitMs = 300_000;
const lookEveryMs = 500;

/**
 * A collection to roll back to. Where the gate has let no model through, all items go into the collection of another
 * model on an operator's word, as `reindex` does.
 */
export async function ensureStandby(caller: Caller): Promise<void> {
  const pair = await ask<Pair>(caller, 'collection.getServingPair');
  if (pair.standby !== null) return;
  const { modelId } = pair.live.collection;
  const models = await ask<{ id: string }[]>(caller, 'model.listModels');
  const other = models.find(({ id }) => id !== modelId);
  if (other === undefined) throw new TypeError('The demo has no second model: nothing can stand by.');
  const input = { id: 'e2e-standby', sourceModelId: modelId, destModelId: other.id };
  const { id } = await tell<{ id: string }>(caller, 'rollout.requestReindex', input);
  await awaitLive(caller, id);
}

async function awaitLive(caller: Caller, rolloutId: string): Promise<void> {
  const deadline = performance.now() + waitMs;
  for (;;) {
    const { state } = await ask<{ state: string }>(caller, 'rollout.getRollout', { rolloutId });
    if (state === 'live') return;
    if (state === 'failed' || performance.now() > deadline) throw new TypeError(`The second index is ${state}.`);
    await sleep(lookEveryMs);
  }
}
