import { setTimeout as sleep } from 'node:timers/promises';
import type { NewExperiment, Readout } from '@embedding-studio/contracts';
import type { StudioClient } from '@embedding-studio/sdk';
import type { Progress } from '../terminal/progress.ts';
import { type Preference, sendPeople } from './simulated-people.ts';

export interface Comparison {
  client: StudioClient;
  preference: Preference;
  definition: NewExperiment;
  /** People come in groups of so many; after each one the read-out is looked at, which sequential intervals allow. */
  groupOf: number;
  peopleMax: number;
  searchesEach: number;
  progress: Progress;
}

export interface Compared {
  experimentId: string;
  people: number;
  readout: Readout;
}

/** Runs an experiment on simulated people until its verdict is out, or nobody is left. */
export async function compareModels(comparison: Comparison): Promise<Compared> {
  const { client, preference, definition, groupOf, peopleMax, searchesEach, progress } = comparison;
  const { id: experimentId } = await client.experiment.createExperiment.mutate(definition);
  await client.experiment.startExperiment.mutate({ experimentId });
  // Gateways hear of it within a second.
  await sleep(1_100);
  for (let people = 0; ; ) {
    const crowd = { client, preference, prefix: definition.kind, searchesEach };
    await sendPeople({ ...crowd, from: people, to: people + groupOf });
    people += groupOf;
    const readout = await awaitReadout(client, { experimentId, searches: people * searchesEach });
    progress.detail(`${people} people: ${readout.verdict}`);
    const isOut = readout.verdict === 'ship' || readout.verdict === 'rollback' || readout.verdict === 'unhealthy';
    if (isOut || people >= peopleMax) return { experimentId, people, readout };
  }
}

const lookEveryMs = 500;
const looksMax = 120;
/** A person who asks the same twice in a row has searched once, so fewer than were sent may be all there are. */
const looksAlike = 8;

/** A read-out that knows of all searches that were sent: of as many, or of a number that no longer grows. */
async function awaitReadout(
  client: StudioClient,
  { experimentId, searches }: { experimentId: string; searches: number },
): Promise<Readout> {
  let known = 0;
  let alike = 0;
  for (let look = 1; ; look += 1) {
    const { readout } = await client.experiment.takeReadout.mutate({ experimentId });
    const now = readout.arms.reduce((sum, arm) => sum + arm.searches, 0);
    alike = now === known ? alike + 1 : 0;
    known = now;
    if (known >= searches || (known > 0 && alike >= looksAlike) || look >= looksMax) return readout;
    await sleep(lookEveryMs);
  }
}
