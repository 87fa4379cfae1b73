import type { ItemRecord, MixingQuery, MixingSet, SessionWithEvents } from '@embedding-studio/contracts';
import { sessionsToJudgedQueries } from '@embedding-studio/ml/clicks';
import { createRandom, shuffle } from '@embedding-studio/ml/ranking';
import type { Ctx } from '../context.ts';
import { loadTexts } from './build-training-set.ts';

const queriesMax = 256;
/** Shown beside what was clicked: near misses, which a pool of random items would lack. */
const othersMax = 3;
const anchorQueriesMax = 256;
const wordsMax = 5;

/**
 * Queries that training did not see, for choosing a mix of weights, and known-item queries that no click is about: a title, or words from
 * the middle of a text, and the item they come from. undefined when there are none.
 */
export async function buildMixingSet(
  ctx: Ctx,
  made: { sessions: readonly SessionWithEvents[]; anchors: readonly ItemRecord[]; seed: number },
): Promise<MixingSet | undefined> {
  const { judged } = sessionsToJudgedQueries(made.sessions);
  const usable = judged.filter(({ relevant }) => Object.keys(relevant).length > 0);
  const chosen = shuffle(usable, createRandom(made.seed + 2)).slice(0, queriesMax);
  if (chosen.length === 0) return undefined;
  const wanted = chosen.flatMap(({ relevant, judged: shown }) => [
    ...Object.keys(relevant),
    ...shown.filter((itemId) => !Object.hasOwn(relevant, itemId)).slice(0, othersMax),
  ]);
  const anchors = made.anchors.slice(0, anchorQueriesMax);
  return {
    queries: chosen.map(({ text, relevant }) => ({ text, relevant })),
    anchors: anchors.flatMap(toKnownItemQuery),
    itemTexts: {
      ...(await loadTexts(ctx, [...new Set(wanted)])),
      ...Object.fromEntries(anchors.map((item) => [item.id, item.parts[0] ?? item.title])),
    },
  };
}

/** Titles and, every other time, words from inside. */
export function toKnownItemQuery(item: Pick<ItemRecord, 'id' | 'title' | 'parts'>, at: number): MixingQuery[] {
  const words = (item.parts[0] ?? '').split(/\s+/).filter(Boolean);
  const start = Math.floor(words.length / 2);
  const inside = words.slice(start, start + wordsMax).join(' ');
  const text = (at % 2 === 0 ? item.title : inside).trim() || item.title.trim() || inside;
  return text === '' ? [] : [{ text, relevant: { [item.id]: 1 } }];
}
