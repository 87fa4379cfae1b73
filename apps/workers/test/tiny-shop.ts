import type { ImportSessionsInput, RequestUpsertionInput } from '@embedding-studio/core';

const topics = 5;
const itemsPerTopic = 20;
const sessionsPerTopic = 40;
/** The tiny tokenizer knows word0 … word34: three words of each topic are asked, four others are written. */
const asked = (topic: number, word: number) => `word${topic * 3 + word}`;
const written = (topic: number, word: number) => `word${15 + topic * 4 + word}`;

/** Every way to take a number of words from three, in any order of size: one query each. */
function listQueries(topic: number): string[] {
  const queries: string[] = [];
  for (let length = 1; queries.length < sessionsPerTopic; length++)
    for (let first = 0; first <= length; first++)
      for (let second = 0; first + second <= length; second++)
        queries.push(
          [
            ...new Array(first).fill(asked(topic, 0)),
            ...new Array(second).fill(asked(topic, 1)),
            ...new Array(length - first - second).fill(asked(topic, 2)),
          ].join(' '),
        );
  return queries.slice(0, sessionsPerTopic);
}

/** Queries and items of a topic share no word: only clicks can bring them together. */
export function tinyShop() {
  const items: RequestUpsertionInput['items'] = [];
  const sessions: ImportSessionsInput['sessions'] = [];
  const idOf = (topic: number, item: number) => `item-${topic}-${item % itemsPerTopic}`;
  for (let topic = 0; topic < topics; topic++) {
    for (let item = 0; item < itemsPerTopic; item++) {
      const words = [item % 4, (item >> 2) % 4, (item * 3 + 1) % 4, item % 3].map((word) => written(topic, word));
      items.push({ id: idOf(topic, item), title: words.join(' ') });
    }
    for (const [place, query] of listQueries(topic).entries()) {
      const sessionId = `session-${topic}-${place}`;
      const createdAt = new Date(Date.UTC(2024, 0, 1, topic, place));
      const shown = [1, 0, 2, 3, 4].map((step) => ({ itemId: idOf((topic + step) % topics, place) }));
      const events = [{ eventId: `${sessionId}-click`, itemId: idOf(topic, place), createdAt }];
      sessions.push({ sessionId, query, shown, createdAt, events });
    }
  }
  return { items, sessions };
}
