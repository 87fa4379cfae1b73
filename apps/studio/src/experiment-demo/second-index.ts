import { setTimeout as sleep } from 'node:timers/promises';
import { StudioError } from '@embedding-studio/contracts';
import type { StudioClient } from '@embedding-studio/sdk';
import type { Progress } from '../terminal/progress.ts';

const lookEveryMs = 300;

/** All items by another model, in a collection that is kept up to date beside the live one; its id. */
export async function addIndex(input: {
  client: StudioClient;
  liveModelId: string;
  modelId: string;
  progress: Progress;
}): Promise<string> {
  const { client, liveModelId, modelId, progress } = input;
  const asked = { sourceModelId: liveModelId, destModelId: modelId, deploy: false };
  const { id: rolloutId } = await client.rollout.requestReindex.mutate(asked);
  let told = '';
  for (;;) {
    const { state, collectionId, transitions } = await client.rollout.getRollout.query({ rolloutId });
    if (state === 'verified' && collectionId !== null) return collectionId;
    if (state === 'failed' || state === 'rejected')
      throw new StudioError('INTERNAL', `The second index failed: ${transitions.at(-1)?.reason ?? 'no reason given'}`);
    if (state !== told) progress.detail(`second index: ${state}`);
    told = state;
    await sleep(lookEveryMs);
  }
}
