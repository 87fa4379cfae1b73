import { openCoin } from './coin.ts';
import { countAgreed, type Interleaved, type InterleaveInput, openDraft } from './interleaved.ts';

/**
 * Team-draft interleaving (Radlinski, Kurup and Joachims 2008): in each round a coin says who picks first, then each list
 * gives its best item that is not placed yet, and owns the clicks on it. The places at the top where both lists agree
 * are shown as they are and owned by nobody: a click there tells nothing of the difference and only adds noise. Once a
 * list has nothing left the other one fills the places alone, and owns what only it has found.
 */
export function teamDraft(input: InterleaveInput): Interleaved {
  const { first, second, places } = openDraft(input);
  const agreed = Math.min(places, countAgreed({ first, second }));
  const items = first.slice(0, agreed);
  const placed = new Set(items);
  const captains = [
    { team: 'A', list: first, at: agreed },
    { team: 'B', list: second, at: agreed },
  ];
  const flip = openCoin(input.seed);
  let teams = '-'.repeat(agreed);
  while (items.length < places) {
    const turns = flip() ? captains : [...captains].reverse();
    for (const captain of turns) {
      while (captain.at < captain.list.length && placed.has(captain.list[captain.at] as string)) captain.at++;
      const itemId = captain.list[captain.at];
      if (itemId === undefined || items.length === places) continue;
      items.push(itemId);
      placed.add(itemId);
      teams += captain.team;
    }
  }
  return { items, teams };
}
