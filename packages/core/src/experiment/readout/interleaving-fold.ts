import type { FactsExperiment } from '@embedding-studio/contracts';
import { creditOf } from '@embedding-studio/ml/interleave';
import { tallyInterleaving } from '@embedding-studio/stats';
import type { InterleavingSums } from './readout-inputs.ts';

const placesMax = 20;

/** Who won which search, by unit. Searches without a click that either list earned say nothing, and are left out. */
export class InterleavingFold {
  private readonly wins: Uint32Array;
  private readonly ties: Uint32Array;
  private readonly losses: Uint32Array;
  private readonly credit: InterleavingSums['credit'] = [];
  private searches = 0;
  private different = 0;

  constructor(units: number) {
    this.wins = new Uint32Array(units);
    this.ties = new Uint32Array(units);
    this.losses = new Uint32Array(units);
  }

  add(unit: number, { teams = '', clicks = [] }: FactsExperiment): void {
    if (teams === '') return;
    this.searches++;
    if (/[AB]/.test(teams)) this.different++;
    const { winner } = creditOf(teams, clicks);
    if (winner === 'none') return;
    const list = { first: this.losses, tie: this.ties, second: this.wins }[winner];
    list[unit] = (list[unit] ?? 0) + 1;
    for (const { position, weight } of clicks) this.place(position, teams[position - 1], weight);
  }

  private place(position: number, team: string | undefined, weight: number): void {
    if (position > placesMax || (team !== 'A' && team !== 'B')) return;
    for (let place = this.credit.length + 1; place <= position; place++)
      this.credit.push({ place, first: 0, second: 0 });
    const row = this.credit[position - 1];
    if (row !== undefined) row[team === 'A' ? 'first' : 'second'] += weight;
  }

  take(): InterleavingSums {
    const { wins, ties, losses } = this;
    function* users() {
      for (let unit = 0; unit < wins.length; unit++)
        yield { wins: wins[unit] ?? 0, ties: ties[unit] ?? 0, losses: losses[unit] ?? 0 };
    }
    const { searches, different, credit } = this;
    return { stats: tallyInterleaving(users()), searches, different, credit };
  }
}
