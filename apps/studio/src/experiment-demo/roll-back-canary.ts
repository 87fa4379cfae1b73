import { setTimeout as sleep } from 'node:timers/promises';
import type { Experiment } from '@embedding-studio/contracts';
import type { StudioClient } from '@embedding-studio/sdk';
import type { Progress } from '../terminal/progress.ts';
import { type Preference, sendPeople } from './simulated-people.ts';

export interface CanaryOutcome {
  experiment: Experiment;
  people: number;
  seconds: number;
  /** Of a hundred searches afterwards, those that the broken model answered. */
  stillSeen: number;
}

const groupOf = 60;
const secondsMax = 420;

/** A broken model grows step by step, and the workers take it back by themselves. Nobody steers here but people's clicks. */
export async function rollBackCanary(input: {
  client: StudioClient;
  preference: Preference;
  collectionId: string;
  progress: Progress;
}): Promise<CanaryOutcome> {
  const { client, preference, collectionId, progress } = input;
  const { id: experimentId } = await client.experiment.createExperiment.mutate({
    name: 'Canary of a broken model',
    hypothesis: 'It is at least as good as what serves.',
    kind: 'canary',
    arms: [{ name: 'live' }, { name: 'broken', treatment: { collectionId } }],
    primaryMetric: 'ctr@3',
    guardrails: [{ metric: 'ctr@3', lossMax: 0.05 }],
    unitsMin: 20,
    unitsExpected: 500,
    canary: { steps: [0.05, 0.25, 0.5], minutesPerStep: 0, unitsPerStep: 20 },
  });
  await client.experiment.startExperiment.mutate({ experimentId });
  await sleep(1_100);
  const startedAt = performance.now();
  const seconds = () => (performance.now() - startedAt) / 1000;
  let { experiment } = await client.experiment.getExperiment.query({ experimentId });
  let people = 0;
  for (let told = -1; experiment.state === 'running' && seconds() < secondsMax; people += groupOf) {
    if (experiment.step !== told) progress.detail(`step ${(experiment.step ?? 0) + 1}, ${people} people so far`);
    told = experiment.step ?? 0;
    await sendPeople({ client, preference, prefix: 'canary', from: people, to: people + groupOf, searchesEach: 2 });
    ({ experiment } = await client.experiment.getExperiment.query({ experimentId }));
  }
  const took = seconds();
  await sleep(1_100);
  return { experiment, people, seconds: took, stillSeen: await countSeen(input) };
}

async function countSeen(input: {
  client: StudioClient;
  preference: Preference;
  collectionId: string;
}): Promise<number> {
  const query = input.preference.queries[0]?.text ?? '';
  let seen = 0;
  for (let person = 0; person < 100; person++) {
    const answer = await input.client.search.searchItems.query({ query, userId: `canary-${person}`, limit: 1 });
    if (answer.collectionId === input.collectionId) seen++;
  }
  return seen;
}
