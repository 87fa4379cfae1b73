import type { SessionWithEvents } from '@embedding-studio/contracts';
import { type ClickWeightOptions, weighClicks } from '../clicks/click-weights.ts';
import { rankShown } from '../clicks/shown-ranks.ts';

export interface PlacedClick {
  /** Place in the whole list, from 1. */
  position: number;
  /** Satisfaction, 0 … 5; see `weighClicks`. */
  weight: number;
}

export interface TeamCredit {
  /** Sums of the weights of clicks that each team owns. */
  first: number;
  second: number;
  /** Clicks with credit; those on places of nobody, or beyond the teams, are not among them. */
  clicks: number;
  /** `none`: no click with credit, so that the session says nothing. */
  winner: 'first' | 'second' | 'tie' | 'none';
}

/** What each list earned in one interleaved answer; `teams` as of `teamDraft` or `balanced`. */
export function creditOf(teams: string, clicks: Iterable<PlacedClick>): TeamCredit {
  const credit: TeamCredit = { first: 0, second: 0, clicks: 0, winner: 'none' };
  for (const { position, weight } of clicks) {
    const team = teams[position - 1];
    if ((team !== 'A' && team !== 'B') || !(weight > 0)) continue;
    credit[team === 'A' ? 'first' : 'second'] += weight;
    credit.clicks++;
  }
  return { ...credit, winner: findWinner(credit) };
}

/** `creditOf` for a stored session: wanting events weighed as everywhere, by where their items stood. */
export function creditSession(teams: string, session: SessionWithEvents, options: ClickWeightOptions = {}): TeamCredit {
  const ranks = rankShown(session);
  const clicks = [...weighClicks(session, options)].flatMap(([itemId, weight]) => {
    const position = ranks.get(itemId);
    return position === undefined ? [] : [{ position, weight }];
  });
  return creditOf(teams, clicks);
}

/** Sums in another order may differ by a rounding, which is no win. */
const roundingMax = 1e-9;

function findWinner({ first, second, clicks }: TeamCredit): TeamCredit['winner'] {
  if (clicks === 0) return 'none';
  if (Math.abs(first - second) <= roundingMax * Math.max(first, second)) return 'tie';
  return first > second ? 'first' : 'second';
}
