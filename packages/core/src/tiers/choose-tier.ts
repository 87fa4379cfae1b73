import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Collection,
  type Delta,
  jobPolicyOf,
  type MetricMeans,
  StudioError,
  type TierName,
  type TierReport,
  type TierRow,
  type TrainingReport,
  type TrainingSettings,
  toStudioError,
} from '@embedding-studio/contracts';
import { meanMetrics } from '@embedding-studio/ml/ranking';
import { derivedId } from '../content-hash.ts';
import type { Ctx } from '../context.ts';
import { measureDelta } from '../evaluation/index.ts';
import { lacksEvidence } from '../evaluation/lacks-evidence.ts';
import type { SessionSplit } from '../evaluation/split-sessions.ts';
import { splitSeed } from '../fine-tuning/batch-split.ts';
import type { EngineRun } from '../fine-tuning/run-engine.ts';
import { openTierMeasure, type TierMeasure } from './measure-tiers.ts';
import { rankTier } from './rank-tier.ts';
import { explainChoice, explainTier, formatQueries, formatTier } from './tier-words.ts';
import { openTierRun } from './track-tier.ts';

export interface TierWork {
  jobId: string;
  split: SessionSplit;
  judged: Pick<SessionSplit, 'heldOut' | 'heldOutUnseen'>;
  isApart: boolean;
  engine: EngineRun & { track: { runId: string; say(level: 'info' | 'warn', message: string): void } };
  experimentId: string;
  /** Hears how many items a tier's encoder has embedded for the comparison. */
  onItems(progress: { done: number; total: number; secondsSoFar: number }): Promise<void>;
  /** Trains a tier and completes its artefact: files and manifest. */
  train(run: EngineRun): Promise<TrainingReport>;
}

export interface TierModel {
  modelId: string;
  settings: TrainingSettings;
  output: string;
  report: TrainingReport;
}

interface Standing {
  tier: TierName;
  scores: MetricMeans[];
  model: TierModel | null;
}

const dearest: TierName = 'T3';

const reindexOf: Record<TierName, TierRow['reindex']> = { T0: 'none', T1: 'none', T2: 'multiply', T3: 'embed' };

/**
 * Trains and judges tiers, cheapest first. A tier takes the lead only where its gain over the best cheaper one holds up
 * in a paired bootstrap; every tier asked for is tried, for the encoder may learn what no map can. Only where the gate
 * would have to reject any model for want of evidence is the encoder not trained.
 */
export async function chooseTier(ctx: Ctx, work: TierWork): Promise<{ report: TierReport; winner: TierModel | null }> {
  const source = await findSource(ctx);
  const judged = [...work.judged.heldOut, ...work.judged.heldOutUnseen];
  const measure = await openTierMeasure(ctx, { source, train: work.split.train, judged });
  const rows: TierRow[] = [firstRow(measure)];
  let best: Standing = { tier: 'T0', scores: measure.refitted, model: null };
  work.engine.track.say('info', formatTier(rows[0] as TierRow));
  for (const tier of work.engine.settings.tiers?.tried ?? []) {
    if (tier === 'T0') continue;
    const hopeless = tier === dearest ? lacksEvidence(work.split) : null;
    const { row, standing } =
      hopeless === null ? await tryTier(ctx, { work, tier, measure, best }) : skipTier(tier, hopeless);
    rows.push(row);
    work.engine.track.say(row.status === 'failed' ? 'warn' : 'info', formatTier(row));
    const loser = row.status === 'chosen' ? best.model : (standing?.model ?? null);
    if (loser !== null) await ctx.deps.objects.deleteObjects(`models/${loser.modelId}/`);
    if (row.status === 'chosen' && standing !== null) best = standing;
  }
  return { report: closeReport({ work, measure, rows, chosen: best.tier }), winner: best.model };
}

function skipTier(tier: TierName, why: string): { row: TierRow; standing: null } {
  const unmeasured = { ndcg10: null, unseenNdcg10: null, delta: null, seconds: 0, runId: null };
  const reason = `Not trained, which would take longest of all: ${why}.`;
  return { row: { tier, status: 'skipped', reindex: reindexOf[tier], ...unmeasured, reason }, standing: null };
}

function closeReport(made: { work: TierWork; measure: TierMeasure; rows: TierRow[]; chosen: TierName }): TierReport {
  const { work, measure, chosen } = made;
  const rows = made.rows.map((row) => {
    const isBeaten = row.status === 'chosen' && row.tier !== chosen;
    return isBeaten ? { ...row, status: 'beaten' as const } : row;
  });
  const report: TierReport = {
    queries: measure.trial.judged.length,
    unseenQueries: measure.isUnseen.filter(Boolean).length,
    serving: meanMetrics(measure.serving).ndcg10,
    ...{ rows, chosen, isApart: work.isApart, verdict: explainChoice(rows, chosen) },
  };
  work.engine.track.say('info', formatQueries(report));
  work.engine.track.say('info', report.verdict);
  return report;
}

function firstRow({ serving, refitted, isUnseen }: TierMeasure): TierRow {
  const delta = compare(serving, refitted);
  return {
    ...{ tier: 'T0', status: 'chosen', seconds: 0, reindex: reindexOf.T0, runId: null, delta },
    ...meansOf(refitted, isUnseen),
    reason: explainTier({ isBetter: delta.lo > 0, delta, against: 'what serves' }),
  };
}

async function tryTier(
  ctx: Ctx,
  options: { work: TierWork; tier: TierName; measure: TierMeasure; best: Standing },
): Promise<{ row: TierRow; standing: Standing | null }> {
  const { work, tier, measure, best } = options;
  const started = ctx.deps.clock.now().getTime();
  const seconds = () => (ctx.deps.clock.now().getTime() - started) / 1_000;
  const settings = settingsOf(work.engine.settings, tier);
  const { experimentId, jobId, engine } = work;
  const run = await openTierRun(ctx, { experimentId, parentRunId: engine.track.runId, jobId, tier, settings });
  try {
    const modelId = derivedId('mdl', `${engine.modelId}:${tier}`);
    const output = join(engine.folder, tier);
    await mkdir(output, { recursive: true });
    const track = tier === 'T3' ? { ...engine.track, ...run.beside(engine.track) } : run.track;
    const report = await work.train({ ...engine, modelId, settings, output, track });
    const { trial } = measure;
    const made = { trial, modelId, baseId: engine.base.id, settings, output };
    const side = await rankTier(ctx, { ...made, onItems: work.onItems });
    const scores = await measure.measure(side);
    const delta = compare(best.scores, scores);
    const isBetter = delta.lo > 0;
    const row: TierRow = {
      ...{ tier, status: isBetter ? 'chosen' : 'beaten', seconds: seconds(), reindex: reindexOf[tier], delta },
      ...{ runId: run.runId, ...meansOf(scores, measure.isUnseen) },
      reason: explainTier({ isBetter, delta, against: best.tier }),
    };
    await run.finish(row);
    return { row, standing: { tier, scores, model: { modelId, settings, output, report } } };
  } catch (error) {
    const { message, code } = toStudioError(error);
    const isStopped = code === 'ABORTED' || ctx.signal?.aborted === true;
    // What is away for a while says nothing about the tier: the job is tried again. A crash of the engine does.
    const isAway = jobPolicyOf[code] === 'retry' && code !== 'INTERNAL';
    if (isStopped || isAway) {
      await run.end(isStopped ? 'KILLED' : 'FAILED', message).catch(() => undefined);
      throw error;
    }
    await run.end('FAILED', message);
    const failed = { tier, status: 'failed', seconds: seconds(), reindex: reindexOf[tier], reason: message } as const;
    return { row: { ...failed, ndcg10: null, unseenNdcg10: null, delta: null, runId: run.runId }, standing: null };
  }
}

function settingsOf(settings: TrainingSettings, tier: TierName): TrainingSettings {
  const { tiers, ...encoder } = settings;
  if (tier === 'T1' && tiers) return tiers.queries;
  return tier === 'T2' && tiers ? tiers.both : encoder;
}

function compare(before: readonly MetricMeans[], after: readonly MetricMeans[]): Delta {
  const pairs = before.flatMap((one, at) => {
    const other = after[at];
    return other === undefined ? [] : [{ before: one, after: other }];
  });
  return measureDelta(pairs, splitSeed);
}

function meansOf(scores: readonly MetricMeans[], isUnseen: readonly boolean[]) {
  const unseen = scores.filter((_, at) => isUnseen[at]);
  return {
    ndcg10: meanMetrics([...scores]).ndcg10,
    unseenNdcg10: unseen.length === 0 ? null : meanMetrics(unseen).ndcg10,
  };
}

async function findSource(ctx: Ctx): Promise<Collection> {
  const live = await ctx.deps.collections.findLiveCollection();
  if (live !== null) return live.collection;
  throw new StudioError('LIVE_COLLECTION_MISSING', 'Nothing is live to compare tiers with.');
}
