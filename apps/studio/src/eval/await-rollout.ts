import { setTimeout as sleep } from 'node:timers/promises';
import { type Rollout, type RolloutState, StudioError } from '@embedding-studio/contracts';
import type { StudioClient } from '@embedding-studio/sdk';
import type { Progress } from '../terminal/progress.ts';

export interface RolloutWait {
  client: StudioClient;
  rolloutId: string;
  progress: Progress;
}

const restingStates: readonly RolloutState[] = ['live', 'rejected', 'failed', 'retired', 'rolledBack', 'standby'];
const lookEveryMs = 500;
const tellEveryMs = 15_000;

const doing: Partial<Record<RolloutState, string>> = {
  requested: 'training',
  trained: 'the gate compares old and new on held-out queries',
  gated: 'deploying the model',
  deployed: 'embedding every item into a second collection',
  indexing: 'verifying the new collection',
  verified: 'switching',
};

/** Follows a rollout until it rests, and tells what it is at. */
export async function awaitRollout({ client, rolloutId, progress }: RolloutWait): Promise<Rollout> {
  let told: RolloutState | null = null;
  let toldAt = 0;
  for (;;) {
    const rollout = await client.rollout.getRollout.query({ rolloutId });
    if (restingStates.includes(rollout.state)) return rollout;
    if (rollout.state !== told) {
      told = rollout.state;
      toldAt = performance.now();
      progress.say(doing[rollout.state] ?? rollout.state);
    } else if (performance.now() - toldAt > tellEveryMs) {
      toldAt = performance.now();
      const line = await describeWork(client, rolloutId);
      if (line !== null) progress.detail(line);
    }
    await sleep(lookEveryMs);
  }
}

async function describeWork(client: StudioClient, rolloutId: string): Promise<string | null> {
  const tasks = await client.task.listTasks.query({ status: 'processing', limit: 20 });
  const own = tasks.find(({ input }) => 'rolloutId' in input && input.rolloutId === rolloutId);
  if (!own?.progress) return null;
  const { note, done, total, secondsLeft } = own.progress;
  const left = secondsLeft === null ? '' : `, about ${Math.ceil(secondsLeft)} s left`;
  return `${note}: ${done} of ${total}${left}`;
}

/** Seconds spent on the way into each state, by the name of the step that led there. */
export function timeSteps(rollout: Rollout): Record<string, number> {
  const names: Partial<Record<RolloutState, string>> = {
    trained: 'fine_tune',
    gated: 'gate',
    rejected: 'gate',
    deployed: 'deploy',
    indexing: 'reindex',
    verified: 'verify',
    live: 'switch',
  };
  const seconds: Record<string, number> = {};
  let since = rollout.createdAt.getTime();
  for (const { to, at } of rollout.transitions) {
    const name = names[to];
    if (name !== undefined && seconds[name] === undefined) seconds[name] = (at.getTime() - since) / 1000;
    since = at.getTime();
  }
  return seconds;
}

export function requireLive(rollout: Rollout): Rollout {
  if (rollout.state === 'live') return rollout;
  const reason = rollout.transitions.at(-1)?.reason ?? 'no reason given';
  throw new StudioError('INTERNAL', `The rollout ended ${rollout.state}: ${reason}`);
}
