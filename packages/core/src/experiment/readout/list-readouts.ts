import { type Interval, type Readout, type ReadoutVerdict, StudioError } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../../authorise.ts';
import type { Ctx } from '../../context.ts';
import { parseInput } from '../../parse-input.ts';
import { type ExperimentIdInput, experimentId, ExperimentIdInput as IdSchema } from '../change-experiment.ts';

export interface FoundReadout {
  /** null: none was taken yet. */
  readout: Readout | null;
  /** Of the read-out. */
  ageSeconds: number | null;
}

export const GetReadoutInput = IdSchema.extend({
  /** Absent: the newest. */
  readoutId: z.string().min(1).max(64).optional(),
});
export type GetReadoutInput = z.input<typeof GetReadoutInput>;

/** A snapshot, the newest or the one that is named, and how old it is. */
export async function getReadout({ ctx, input }: { ctx: Ctx; input: GetReadoutInput }): Promise<FoundReadout> {
  authorise(ctx, 'experiment.read');
  const { experimentId: id, readoutId } = parseInput(GetReadoutInput, input);
  const { experiments } = ctx.deps;
  await experiments.getExperiment(id);
  const readout = await (readoutId === undefined
    ? experiments.findNewestReadout(id)
    : experiments.findReadout(id, readoutId));
  if (readout === null && readoutId !== undefined)
    throw new StudioError('EXPERIMENT_NOT_FOUND', `Experiment ${id} has no read-out ${readoutId}.`, {
      field: 'readoutId',
    });
  const ageMs = readout === null ? null : ctx.deps.clock.now().getTime() - readout.createdAt.getTime();
  return { readout, ageSeconds: ageMs === null ? null : Math.max(0, Math.round(ageMs / 1_000)) };
}

export const ListReadoutsInput = z.object({
  experimentId,
  /** `next` of the page before. */
  after: z.string().min(1).max(64).nullable().default(null),
  limit: z.number().int().min(1).max(200).default(50),
});
export type ListReadoutsInput = z.input<typeof ListReadoutsInput>;

type Kept = 'id' | 'createdAt' | 'from' | 'to' | 'definitionVersion' | 'inputHash' | 'statsVersion' | 'verdict' | 'arm';

export interface ReadoutRow extends Pick<Readout, Kept> {
  units: number;
  /** The most important reason. */
  reason: string | null;
}

/** Newest first, keyset, in short. */
export async function listReadouts({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: ListReadoutsInput;
}): Promise<{ rows: ReadoutRow[]; next: string | null }> {
  authorise(ctx, 'experiment.read');
  const { limit, ...page } = parseInput(ListReadoutsInput, input);
  const found = await ctx.deps.experiments.listReadouts({ ...page, limit: limit + 1 });
  const rows = found.slice(0, limit).map(inShort);
  return { rows, next: found.length > limit ? (rows.at(-1)?.id ?? null) : null };
}

function inShort({ arms, reasons, ...readout }: Readout): ReadoutRow {
  const { id, createdAt, from, to, definitionVersion, inputHash, statsVersion, verdict, arm } = readout;
  return {
    ...{ id, createdAt, from, to, definitionVersion, inputHash, statsVersion, verdict, arm },
    ...{ reason: reasons[0] ?? null, units: arms.reduce((sum, { units }) => sum + units, 0) },
  };
}

export interface ReadoutPoint {
  at: Date;
  units: number;
  verdict: ReadoutVerdict;
  /** Of the primary metric, or of the preference; null where nothing was estimated. */
  difference: Interval | null;
}

export interface ReadoutSeries {
  arm: string;
  /** Oldest first, at most 200; of more the ones with the widest reach are kept. */
  points: ReadoutPoint[];
}

const readoutsMax = 2_000;
const perPage = 200;
const pointsMax = 200;

/** How the interval of the primary metric came about, arm by arm, over the newest 2,000 read-outs. */
export async function getReadoutSeries({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: ExperimentIdInput;
}): Promise<ReadoutSeries[]> {
  authorise(ctx, 'experiment.read');
  const given = parseInput(IdSchema, input);
  const series = new Map<string, ReadoutPoint[]>();
  for (let after: string | null = null, read = 0; read < readoutsMax; read += perPage) {
    const rows: Readout[] = await ctx.deps.experiments.listReadouts({ ...given, after, limit: perPage });
    for (const row of rows) addPoints(series, row);
    if (rows.length < perPage) break;
    after = rows.at(-1)?.id ?? null;
  }
  return [...series].map(([arm, points]) => ({ arm, points: thinOut(points.reverse(), pointsMax) }));
}

function addPoints(series: Map<string, ReadoutPoint[]>, readout: Readout): void {
  const { createdAt: at, verdict, metrics, interleaving, arms } = readout;
  const units = arms.reduce((sum, arm) => sum + arm.units, 0);
  const goal = metrics.find(({ role }) => role === 'primary')?.arms ?? [];
  const results =
    interleaving === null ? goal : [{ arm: 'preference', result: interleaving.preference, isBreached: false }];
  for (const { arm, result } of results) {
    const points = series.get(arm) ?? [];
    series.set(arm, points);
    points.push({ at, units, verdict, difference: result.kind === 'estimated' ? result.difference : null });
  }
}

/** Of each stretch the points with the lowest and the highest bound; the first and the last stay. */
export function thinOut(points: readonly ReadoutPoint[], most: number): ReadoutPoint[] {
  if (points.length <= most) return [...points];
  const stretch = Math.ceil((points.length - 2) / Math.floor((most - 2) / 2));
  const kept = new Set([0, points.length - 1]);
  const bound = (at: number, side: 'lo' | 'hi') => points[at]?.difference?.[side] ?? 0;
  for (let start = 1; start < points.length - 1; start += stretch) {
    const places = Array.from({ length: Math.min(stretch, points.length - 1 - start) }, (_, at) => start + at);
    kept.add(places.reduce((best, at) => (bound(at, 'lo') < bound(best, 'lo') ? at : best)));
    kept.add(places.reduce((best, at) => (bound(at, 'hi') > bound(best, 'hi') ? at : best)));
  }
  return points.filter((_, at) => kept.has(at));
}
