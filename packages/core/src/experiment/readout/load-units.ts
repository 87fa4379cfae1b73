import type { Experiment } from '@embedding-studio/contracts';
import { sha256 } from '../../content-hash.ts';
import type { Ctx } from '../../context.ts';
import { interleavedArm } from './arm-names.ts';

/** The units of an experiment, each with its only arm. */
export interface Units {
  size: number;
  find(unit: string): number | undefined;
  armOf(unit: number): number;
  /** By arm. */
  counts: number[];
  /** Of those read: they saw several arms. */
  multiple: number;
  /** 1, or one in so many where there are more than memory is kept for. */
  oneIn: number;
}

/** A unit costs about 150 bytes, and 32 more for each metric: some 300 MB at most. */
const unitsMax = 1_000_000;
const cellsMax = 8_000_000;
const perPage = 10_000;

/**
 * Reads who saw what until `to`. Of more units than there is room for, every second, fourth… is taken, by a hash of its
 * name: always the same ones, whatever their arm.
 */
export async function loadUnits(
  ctx: Ctx,
  { experiment, to, tables }: { experiment: Experiment; to: Date; tables: number },
): Promise<Units> {
  const names = interleavedArm(experiment.definition) ?? experiment.definition.arms.map(({ name }) => name);
  const oneIn = await chooseShare(ctx, experiment.id, Math.min(unitsMax, Math.floor(cellsMax / Math.max(1, tables))));
  const places = new Map<string, number>();
  const arms: number[] = [];
  let multiple = 0;
  for await (const row of listUnits(ctx, experiment.id)) {
    if (row.at.getTime() >= to.getTime() || !isTaken(row.unit, oneIn)) continue;
    const [arm, ...others] = row.arms;
    if (others.length > 0) multiple++;
    const at = names.indexOf(arm ?? '');
    if (others.length > 0 || at === -1) continue;
    places.set(row.unit, arms.length);
    arms.push(at);
  }
  const armOf = Uint8Array.from(arms);
  const counts = names.map(() => 0);
  for (const at of armOf) counts[at] = (counts[at] ?? 0) + 1;
  return {
    ...{ size: arms.length, counts, multiple, oneIn },
    find: (unit) => places.get(unit),
    armOf: (unit) => armOf[unit] ?? 0,
  };
}

async function chooseShare(ctx: Ctx, experimentId: string, room: number): Promise<number> {
  const { arms } = await ctx.deps.experiments.countExposures(experimentId);
  const units = arms.reduce((sum, arm) => sum + arm.units, 0);
  let oneIn = 1;
  while (units / oneIn > room) oneIn *= 2;
  return oneIn;
}

/** `oneIn`: a power of two. */
export function isTaken(unit: string, oneIn: number): boolean {
  return oneIn === 1 || Number.parseInt(sha256(unit).slice(0, 8), 16) % oneIn === 0;
}

async function* listUnits(ctx: Ctx, experimentId: string) {
  for (let after: string | null = null; ; ) {
    ctx.signal?.throwIfAborted();
    const rows: { unit: string; arms: string[]; at: Date }[] = await ctx.deps.experiments.listExposures({
      ...{ experimentId, after, limit: perPage },
    });
    yield* rows;
    if (rows.length < perPage) return;
    after = rows.at(-1)?.unit ?? null;
  }
}
