import { StudioError } from '@embedding-studio/contracts';

/** `A`: the first list's, `B`: the second list's, `-`: both agree, and nobody is credited. */
export type Team = 'A' | 'B' | '-';

export interface Interleaved {
  /** Item ids, top first, each once. */
  items: string[];
  /** One letter of `Team` for each place, from the top. */
  teams: string;
}

export interface InterleaveInput {
  /** Ids top first; of the same item listed twice only the first place counts. */
  first: readonly string[];
  second: readonly string[];
  /** Places that are filled at most. A longer list begins with the shorter one of the same seed. */
  length: number;
  /** Says how the coins fall: take something of the user or session and of the query, so that pages agree. */
  seed: string;
}

export interface Drafting {
  first: string[];
  second: string[];
  /** Places to fill: never more than the longer list has, so that no arm's answer grows by being compared. */
  places: number;
}

/** @throws StudioError INTERNAL for a length that is no whole number from 0. */
export function openDraft({ first, second, length }: InterleaveInput): Drafting {
  if (!Number.isInteger(length) || length < 0)
    throw new StudioError('INTERNAL', `length: a whole number from 0 is needed, got ${length}`);
  const lists = { first: [...new Set(first)], second: [...new Set(second)] };
  return { ...lists, places: Math.min(length, Math.max(lists.first.length, lists.second.length)) };
}

/** How many places from the top hold the same item in both lists. */
export function countAgreed({ first, second }: Pick<Drafting, 'first' | 'second'>): number {
  const at = first.findIndex((itemId, index) => itemId !== second[index]);
  return at === -1 ? first.length : at;
}
