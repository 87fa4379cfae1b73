import type { ImportSessionsInput, RequestUpsertionInput } from '@embedding-studio/core';

const topics = ['boots', 'lamps', 'chairs', 'knives', 'tents', 'clocks', 'guitars', 'kettles', 'scarves', 'bicycles'];
const colours = ['red', 'blue', 'green', 'black', 'white', 'yellow', 'brown', 'grey'];
const materials = ['steel', 'oak', 'wool', 'glass', 'stone', 'linen'];

/**
 * A shop whose customers have words of their own for every topic, which no item has: neither words nor meaning find
 * what they ask for until clicks have taught what the slang means.
 */
export function slangWorld({ itemsPerTopic = 12, sessionsPerTopic = 24 } = {}) {
  const items = topics.flatMap((topic, place) =>
    Array.from({ length: itemsPerTopic }, (_, index) => ({
      id: `${topic}-${index}`,
      title: `${colours[(place + index) % colours.length]} ${topic} ${index}`,
      text: `Made of ${materials[(place * 3 + index) % materials.length]}, number ${place}${index}.`,
    })),
  );
  const sessions = topics.flatMap((topic, place) =>
    Array.from({ length: sessionsPerTopic }, (_, index) => sessionOf({ topic, place, index, itemsPerTopic })),
  );
  return { items: items satisfies RequestUpsertionInput['items'], sessions, slangOf };
}

/** `boots` → `zstoob`: a word that no item has. */
export function slangOf(topic: string): string {
  return `z${topic.split('').reverse().join('')}`;
}

function sessionOf(one: { topic: string; place: number; index: number; itemsPerTopic: number }) {
  const { topic, place, index, itemsPerTopic } = one;
  const wanted = index % itemsPerTopic;
  const others = [1, 2, 3, 4, 5, 6, 7].map((step) => topics[(place + step) % topics.length]);
  const createdAt = new Date(Date.UTC(2024, 0, 1, place, index));
  const sessionId = `ses-${topic}-${index}`;
  return {
    sessionId,
    query: `${slangOf(topic)} ${colours[(place + wanted) % colours.length]} ${index}x`,
    shown: [
      { itemId: `${others[0]}-${wanted}` },
      { itemId: `${topic}-${wanted}` },
      ...others.slice(1).map((other) => ({ itemId: `${other}-${wanted}` })),
    ],
    createdAt,
    events: [{ eventId: `${sessionId}-click`, itemId: `${topic}-${wanted}`, createdAt }],
  } satisfies ImportSessionsInput['sessions'][number];
}
