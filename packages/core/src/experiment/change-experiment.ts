import {
  actorName,
  type Experiment,
  type ExperimentState,
  experimentTransitions,
  StudioError,
} from '@embedding-studio/contracts';
import { z } from 'zod';
import type { Ctx } from '../context.ts';
import { recordAudit } from '../record-audit.ts';
import { forgetRunning } from './running-experiments.ts';

export const experimentId = z.string().min(1).max(64);
export const ExperimentIdInput = z.object({ experimentId });
export type ExperimentIdInput = z.input<typeof ExperimentIdInput>;

export interface ExperimentChange {
  experiment: Experiment;
  change: Partial<Experiment>;
  /** Of the timeline and the audit log. */
  kind: string;
  words: string;
  detail?: Record<string, unknown>;
}

/** The write that decides: by compare-and-swap on the revision that was read, with its place in timeline and audit log. */
export async function changeExperiment(
  ctx: Ctx,
  { experiment, change, ...said }: ExperimentChange,
): Promise<Experiment> {
  const event = { at: ctx.deps.clock.now(), actor: actorName(ctx.actor), kind: said.kind, words: said.words };
  const timeline = [...experiment.timeline, event].slice(-eventsMax);
  const next = { ...experiment, ...change, timeline };
  const written = await ctx.deps.experiments.replaceExperiment(next, experiment.revision);
  forgetRunning(ctx);
  const detail = { ...said.detail, words: said.words };
  await recordAudit(ctx, { action: `experiment.${said.kind}`, subject: experiment.id, detail });
  return written;
}

const eventsMax = 500;

export function requireMove(experiment: Experiment, to: ExperimentState): void {
  if (experimentTransitions[experiment.state].includes(to)) return;
  throw new StudioError(
    'TRANSITION_ILLEGAL',
    `Experiment ${experiment.id} is ${experiment.state}, not to become ${to}.`,
    {
      publicMessage: `The experiment is ${experiment.state}; from there it cannot become ${to}.`,
      field: 'experimentId',
    },
  );
}
