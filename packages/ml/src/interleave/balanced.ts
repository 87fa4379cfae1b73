import { openCoin } from './coin.ts';
import { type Interleaved, type InterleaveInput, openDraft, type Team } from './interleaved.ts';

/**
 * Balanced interleaving (Joachims 2002): one coin says whose turn is first, then the lists give their places in turn, and
 * an item that is there already is passed over: any beginning holds as many of the top of one list as of the other, or
 * one more. A click belongs to the list that ranks the item higher, to nobody where both rank it alike. Where one list
 * is the other moved by a place, whoever clicks at random prefers one of them; team-draft has no such cases.
 */
export function balanced(input: InterleaveInput): Interleaved {
  const { first, second, places } = openDraft(input);
  const firstTaken = openCoin(input.seed)() ? [first, second] : [second, first];
  const placed = new Set<string>();
  for (let rank = 0; placed.size < places; rank++)
    for (const list of firstTaken) {
      const itemId = list[rank];
      if (itemId !== undefined && placed.size < places) placed.add(itemId);
    }
  const items = [...placed];
  const ranks = { first: rankOf(first), second: rankOf(second) };
  return { items, teams: items.map((itemId) => judge(ranks, itemId)).join('') };
}

type Ranks = Record<'first' | 'second', ReadonlyMap<string, number>>;

const rankOf = (list: readonly string[]) => new Map(list.map((itemId, rank) => [itemId, rank]));

function judge({ first, second }: Ranks, itemId: string): Team {
  const lead = (second.get(itemId) ?? Number.POSITIVE_INFINITY) - (first.get(itemId) ?? Number.POSITIVE_INFINITY);
  if (lead === 0) return '-';
  return lead > 0 ? 'A' : 'B';
}
