import { StudioError } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';
import { baselineTag, ExperimentId } from './list-experiments.ts';
import { labelsOf, labelTag, noteTag, RunId, type RunRow, showRun } from './list-runs.ts';

const labelsMax = 20;

export const UpdateRunInput = z.object({
  runId: RunId,
  /** Empty takes the note away. */
  note: z.string().max(4_000).optional(),
  /** All labels that the run shall have. */
  labels: z
    .array(z.string().trim().min(1).max(40))
    .max(labelsMax)
    .transform((labels) => [...new Set(labels)])
    .optional(),
});
export type UpdateRunInput = z.input<typeof UpdateRunInput>;

/** Changes what people say about a run; what it measured stays as it is. */
export async function updateRun({ ctx, input }: { ctx: Ctx; input: UpdateRunInput }): Promise<RunRow> {
  authorise(ctx, 'model.write');
  const { runId, note, labels } = parseInput(UpdateRunInput, input);
  const { tracker } = ctx.deps;
  const before = await tracker.getRun(runId);
  if (note !== undefined) await tracker.setRunTag(runId, { key: noteTag, value: note === '' ? null : note });
  if (labels !== undefined) {
    const had = labelsOf(before.tags);
    for (const label of had.filter((one) => !labels.includes(one)))
      await tracker.setRunTag(runId, { key: labelTag(label), value: null });
    for (const label of labels.filter((one) => !had.includes(one)))
      await tracker.setRunTag(runId, { key: labelTag(label), value: '1' });
  }
  await recordAudit(ctx, { action: 'run.update', subject: runId, detail: { note, labels } });
  return showRun(await tracker.getRun(runId));
}

export const PinBaselineInput = z.object({ experimentId: ExperimentId, runId: RunId.nullable() });
export type PinBaselineInput = z.input<typeof PinBaselineInput>;

/** The run that the others of its experiment are compared with; null: none. */
export async function pinBaseline({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: PinBaselineInput;
}): Promise<{ baselineRunId: string | null }> {
  authorise(ctx, 'model.write');
  const { experimentId, runId } = parseInput(PinBaselineInput, input);
  const { tracker } = ctx.deps;
  if (runId !== null && (await tracker.getRun(runId)).experimentId !== experimentId)
    throw new StudioError('INPUT_INVALID', `Run ${runId} belongs to another experiment.`, { field: 'runId' });
  await tracker.setExperimentTag(experimentId, { key: baselineTag, value: runId });
  await recordAudit(ctx, { action: 'experiment.pinBaseline', subject: experimentId, detail: { runId } });
  return { baselineRunId: runId };
}
