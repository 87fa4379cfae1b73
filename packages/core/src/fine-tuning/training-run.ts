import type { ModelRecord } from '@embedding-studio/contracts';
import { z } from 'zod';
import type { Ctx } from '../context.ts';

/** Of the tracked run. */
export const dataCardPath = 'data-card.json';
/** As it lies beside the model. */
export const manifestPath = 'model/manifest.json';
export const gateReportPath = 'gate-report.json';
export const tiersPath = 'tiers.json';
export const mixingPath = 'wise-ft.json';

const StoredRun = z.object({ runId: z.string() });

const runKey = (artefactKey: string): string => `${artefactKey}training.json`;

/** Base models keep their name; what descends from them is told apart by its id. */
export function rootName(base: Pick<ModelRecord, 'name' | 'manifest'>): string {
  return base.manifest.parentId === null ? base.name : base.name.replace(/-[0-9a-f]{8}$/, '');
}

export const experimentOf = (base: Pick<ModelRecord, 'name' | 'manifest'>): string => `fine-tuning ${rootName(base)}`;

/** Which tracked run made a model; steps after training add to it. */
export async function storeTrainingRun(ctx: Ctx, made: { artefactKey: string; runId: string }): Promise<void> {
  const bytes = Buffer.from(JSON.stringify({ runId: made.runId }));
  await ctx.deps.objects.putObject(runKey(made.artefactKey), bytes);
}

export async function findTrainingRun(ctx: Ctx, artefactKey: string): Promise<string | null> {
  const key = runKey(artefactKey);
  if (!(await ctx.deps.objects.hasObject(key))) return null;
  return StoredRun.parse(JSON.parse(Buffer.from(await ctx.deps.objects.getObject(key)).toString('utf8'))).runId;
}
