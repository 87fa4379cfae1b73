import type { MeanStats, PairStats } from '@embedding-studio/stats';
import { isTaken } from './load-units.ts';

const unitsMax = 200_000;

/** Sums by unit in bounded memory: of too many units only every second, fourth… is kept, chosen by its name. */
export class UnitSample {
  private readonly values = new Map<string, [y: number, x: number]>();
  private oneIn = 1;

  constructor(private readonly room = unitsMax) {}

  add(unit: string, y: number, x: number): void {
    if (!isTaken(unit, this.oneIn)) return;
    const known = this.values.get(unit);
    if (known === undefined) this.values.set(unit, [y, x]);
    else {
      known[0] += y;
      known[1] += x;
    }
    while (this.values.size > this.room) this.thinOut();
  }

  private thinOut(): void {
    this.oneIn *= 2;
    for (const unit of this.values.keys()) if (!isTaken(unit, this.oneIn)) this.values.delete(unit);
  }

  /** About how many there were. */
  units(): number {
    return this.values.size * this.oneIn;
  }

  stats(): PairStats {
    const stats = { n: 0, sumX: 0, sumY: 0, sumXX: 0, sumYY: 0, sumXY: 0 };
    for (const [y, x] of this.values.values()) {
      stats.n++;
      stats.sumX += x;
      stats.sumY += y;
      stats.sumXX += x * x;
      stats.sumYY += y * y;
      stats.sumXY += x * y;
    }
    return stats;
  }

  counts(): MeanStats {
    const { n, sumY, sumYY } = this.stats();
    return { n, sum: sumY, sumOfSquares: sumYY };
  }
}
