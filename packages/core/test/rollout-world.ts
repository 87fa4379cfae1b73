import type { Rollout } from '@embedding-studio/contracts';
import {
  importSessions,
  type RequestFineTuningResult,
  registerBaseModel,
  requestFineTuning,
  requestInitialIndex,
  requestUpsertion,
} from '@embedding-studio/core';
import {
  drainTasks,
  slangWorld,
  startTestStudio,
  type TestStudio,
  type TestStudioOptions,
  writeWordArtefact,
} from '@embedding-studio/testing/studio';

export const world = slangWorld({ itemsPerTopic: 8, sessionsPerTopic: 16 });

/** A shop with its items, a base model that is live, and the sessions of its customers. */
export async function openShop(options: TestStudioOptions = {}): Promise<TestStudio> {
  const studio = await startTestStudio(options);
  const { ctx, deps, folder } = studio;
  const base = await registerBaseModel({ ctx, input: { folder: await writeWordArtefact(`${folder}/base`) } });
  await requestUpsertion({ ctx, input: { id: 'items', items: world.items } });
  await requestInitialIndex({ ctx, input: { modelId: base.id } });
  await drainTasks(deps);
  await importSessions({ ctx, input: { sessions: world.sessions } });
  return studio;
}

export function requestTuning(studio: TestStudio, idempotencyKey = 'first'): Promise<RequestFineTuningResult> {
  return requestFineTuning({ ctx: studio.ctx, input: { method: 'words', idempotencyKey } });
}

export async function getTunedRollout(studio: TestStudio, result: RequestFineTuningResult): Promise<Rollout> {
  return studio.deps.rollouts.getRollout(result.rollout?.id ?? '');
}
