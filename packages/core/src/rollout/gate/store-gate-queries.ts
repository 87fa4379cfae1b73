import { GateQueryRow, type GateReport, type ModelRecord } from '@embedding-studio/contracts';
import { z } from 'zod';
import type { Ctx } from '../../context.ts';
import type { GateQuery } from '../../evaluation/index.ts';
import { findTrainingRun, gateReportPath } from '../../fine-tuning/training-run.ts';
import { toPlots, toWinLossTable } from './gate-artefacts.ts';

const keyOf = (artefactKey: string): string => `${artefactKey}gate-queries.json`;

/** Every query that the gate asked, beside the model; the report and its numbers go to the tracked run. */
export async function storeGateQueries(
  ctx: Ctx,
  judged: { model: ModelRecord; report: GateReport; queries: readonly GateQuery[] },
): Promise<void> {
  const { model, report, queries } = judged;
  const rows: GateQueryRow[] = queries.map(({ queryId, text, before, after, isUnseen, segments }) => ({
    ...{ queryId, query: text, before: before.ndcg10, after: after.ndcg10, isUnseen },
    segments: [...segments],
  }));
  await ctx.deps.objects.putObject(keyOf(model.artefactKey), Buffer.from(JSON.stringify(rows)));
  const runId = await findTrainingRun(ctx, model.artefactKey);
  if (runId === null) return;
  const { tracker, clock } = ctx.deps;
  const timestamp = clock.now();
  const metrics = { before: report.before.ndcg10, ndcg10: report.after.ndcg10, ...report.delta };
  await tracker.logMetrics(
    runId,
    Object.entries(metrics).map(([key, value]) => ({ key: `gate.${key}`, value, step: 0, timestamp })),
  );
  const artefacts = {
    [gateReportPath]: JSON.stringify(report),
    'win-loss.csv': toWinLossTable(rows),
    'plots/gate.json': JSON.stringify(toPlots(report, rows)),
  };
  for (const [path, text] of Object.entries(artefacts)) await tracker.logArtefact(runId, path, Buffer.from(text));
}

/** null for models that the gate never compared, or compared before it kept its queries. */
export async function loadGateQueries(ctx: Ctx, artefactKey: string): Promise<GateQueryRow[] | null> {
  const key = keyOf(artefactKey);
  if (!(await ctx.deps.objects.hasObject(key))) return null;
  const text = Buffer.from(await ctx.deps.objects.getObject(key)).toString('utf8');
  return z.array(GateQueryRow).parse(JSON.parse(text));
}
