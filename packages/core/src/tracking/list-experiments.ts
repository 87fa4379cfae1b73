import type { TrackedExperiment } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { KeysetPage } from '../page.ts';
import { parseInput } from '../parse-input.ts';

export const baselineTag = 'studio.baseline';
export const ExperimentId = z.string().min(1).max(128);

export const ListExperimentsInput = KeysetPage;
export type ListExperimentsInput = z.input<typeof ListExperimentsInput>;

export interface ExperimentView extends Omit<TrackedExperiment, 'tags'> {
  /** Run that others are compared with. */
  baselineRunId: string | null;
}

/** Newest first. */
export async function listExperiments({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: ListExperimentsInput;
}): Promise<{ experiments: ExperimentView[]; next: string | null }> {
  authorise(ctx, 'model.read');
  const page = parseInput(ListExperimentsInput, input);
  const found = await ctx.deps.tracker.listExperiments(page);
  const next = found.length < page.limit ? null : (found.at(-1)?.experimentId ?? null);
  return { experiments: found.map(showExperiment), next };
}

export function showExperiment({ tags, ...experiment }: TrackedExperiment): ExperimentView {
  return { ...experiment, baselineRunId: tags[baselineTag] ?? null };
}
