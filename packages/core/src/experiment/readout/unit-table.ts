import { findCaps, type ValueCount } from '@embedding-studio/stats';
import type { MetricSums } from './metric-moments.ts';
import { addUnit, emptyMoments } from './unit-moments.ts';

/** y, x and the same before. */
const columns = 4;
/** Of a mere count: the most that a unit may add is what 99 of 100 units stay under. */
const capShare = 0.99;

/** One metric of each unit, in flat memory: 32 bytes a unit. */
export class UnitTable {
  private readonly cells: Float64Array;
  private readonly evidence: number[];

  constructor(private readonly of: { units: number; arms: number; isRatio: boolean; armOf: (unit: number) => number }) {
    this.cells = new Float64Array(of.units * columns);
    this.evidence = Array.from({ length: of.arms }, () => 0);
  }

  add(unit: number, by: { numerator: number; denominator: number | null; evidence: number; isBefore: boolean }): void {
    const at = unit * columns + (by.isBefore ? 2 : 0);
    this.cells[at] = (this.cells[at] ?? 0) + by.numerator;
    this.cells[at + 1] = (this.cells[at + 1] ?? 0) + (by.denominator ?? 0);
    const arm = this.of.armOf(unit);
    if (!by.isBefore) this.evidence[arm] = (this.evidence[arm] ?? 0) + by.evidence;
  }

  /** By arm. A few units that search all day must not decide: mere counts are capped, over all arms alike. */
  sum(onlyTouched = false): MetricSums[] {
    const arms = this.evidence.map((evidence) => ({ moments: emptyMoments(), evidence }));
    const [cap, capBefore] = this.of.isRatio ? [null, null] : [this.capOf(0), this.capOf(2)];
    for (let unit = 0; unit < this.of.units; unit++) {
      const at = unit * columns;
      const [y = 0, x = 0, b = 0, a = 0] = this.cells.subarray(at, at + columns);
      if (onlyTouched && y === 0 && x === 0) continue;
      const moments = arms[this.of.armOf(unit)]?.moments;
      if (moments !== undefined) addUnit(moments, [Math.min(y, cap ?? y), x, Math.min(b, capBefore ?? b), a]);
    }
    return arms;
  }

  private capOf(column: number): number | null {
    const counts = new Map<number, number>();
    for (let at = column; at < this.cells.length; at += columns) {
      const value = this.cells[at] ?? 0;
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    const values: ValueCount[] = [...counts].map(([value, count]) => ({ value, count }));
    const caps = findCaps(values, { high: capShare, ignoreZeros: true });
    return caps.kind === 'estimated' ? caps.high : null;
  }
}
