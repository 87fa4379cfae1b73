import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { registerBaseModel, requestReindex } from '@embedding-studio/core';
import { writeTinyEncoder } from '../../apps/gateway/test/tiny-encoder.ts';
import { createBalancer } from '../drill/balancer.ts';
import { startLoad } from '../drill/load.ts';
import { createTally, type Window } from '../drill/tally.ts';
import { type Installation, startInstallation } from '../installation/start-installation.ts';
import { type Judged, judgeSoak } from './judge-soak.ts';
import { type Sample, takeSample } from './sample.ts';

export interface SoakOptions {
  minutes: number;
  searchesPerSecond: number;
  upsertsPerSecond: number;
  /** Minutes from one rollout to the next. */
  rolloutEvery: number;
  tell: (line: string) => void;
}

export interface SoakReport {
  samples: Sample[];
  figures: Judged[];
  requests: Window;
  rollouts: number;
  isSound: boolean;
}

const sampleMs = 10_000;
/** The items are written over and over. */
const differentItems = 300;

/** Searches, clicks, writes and now and then a rollout for as long as is asked, and what grew meanwhile. */
export async function runSoak(options: SoakOptions): Promise<SoakReport> {
  const { minutes, tell, searchesPerSecond, upsertsPerSecond } = options;
  const installation = await startInstallation({
    ...{ gateways: 1, withStandby: false, tell },
    workers: [['upsertion', 'inference', 'improvement', 'fine-tuning']],
    env: { STANDBY_HOURS: String(options.rolloutEvery / 60) },
  });
  try {
    const send = createBalancer(installation.gateways, installation.key);
    const tally = createTally();
    const load = startLoad({ send, tally, searchesPerSecond, upsertsPerSecond, differentItems, run: 'soak' });
    const samples: Sample[] = [];
    let rollouts = 0;
    const started = performance.now();
    const elapsed = () => (performance.now() - started) / 1_000;
    while (elapsed() < minutes * 60) {
      await sleep(sampleMs);
      samples.push(await takeSample(installation, elapsed()));
      if (elapsed() / 60 >= (rollouts + 1) * options.rolloutEvery) await rollOut(installation, ++rollouts);
      if (samples.length % 6 === 0) tell(describeMoment(samples.at(-1)));
    }
    await load.stop();
    const requests = tally.current();
    const figures = judgeSoak(samples);
    const areAnswered = Object.keys(requests.failures).length === 0;
    return { samples, figures, requests, rollouts, isSound: areAnswered && figures.every(({ isSound }) => isSound) };
  } finally {
    await installation.close();
  }
}

/** All items into the collection of a new model, which then serves. */
async function rollOut({ ctx, folder, studio }: Installation, count: number): Promise<void> {
  const live = await studio.deps.collections.findLive();
  if (live === null) return;
  const { modelId } = await studio.deps.collections.getCollection(live.collectionId);
  const artefact = await writeTinyEncoder(join(folder, 'artefact', `rollout-${count}`), 100 + count);
  const model = await registerBaseModel({ ctx, input: { folder: artefact } });
  await requestReindex({ ctx, input: { sourceModelId: modelId, destModelId: model.id, waitOnConflict: true } });
}

function describeMoment(sample: Sample | undefined): string {
  const memory = Object.entries(sample?.memory ?? {}).map(([name, megabytes]) => `${name} ${megabytes.toFixed(0)} MB`);
  return `${((sample?.at ?? 0) / 60).toFixed(1)} min: ${memory.join(', ')}`;
}
