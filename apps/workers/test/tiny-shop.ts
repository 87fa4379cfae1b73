import type { ImportSessionsInput, RequestUpsertionInput } from '@embedding-studio/core';

const topics = 5;
const itemsPerTopic = 20;
const sessionsPerTopic = 40;
/** The tiny tokenizer knows word0 … word34: three words of each topic are asked, four others are written. */
const asked = (topic: number, word: number) => `word${topic * 3 + word}`;
const written = (topic: number, word: number) => `word${15 + topic * 4 + word}`;

/** Every choice of one word or more out of three, in one size after the other, which no item names: one query each. */
function listQueries(topic: number): string[] {
  return Array.from({ length: sessionsPerTopic }, (_, place) => {
    const choice = (place % 7) + 1;
    const words = [0, 1, 2].filter((word) => (choice >> word) % 2 === 1).map((word) => asked(topic, word));
    return [...words, 36 + Math.floor(place / 7)].join(' ');
  });
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
