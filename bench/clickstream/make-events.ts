import type { IngestEventsInput } from '@embedding-studio/core';

export type GivenEvent = IngestEventsInput['events'][number];

const duplicateEvery = 10;
const lateEvery = 20;
const types = ['click', 'seen', 'dwell', 'add_to_cart'];

export const sessionCount = 2_000;

/** Ids never repeat between calls, but a tenth of each call's events are sent twice and a twentieth come hours late. */
export function createEventMaker(): (count: number) => GivenEvent[] {
  let serial = 0;
  return (count) => {
    const now = Date.now();
    const events: GivenEvent[] = [];
    while (events.length < count) {
      const place = events.length;
      const earlier = events[place - 7];
      if (place % duplicateEvery === duplicateEvery - 1 && earlier !== undefined) {
        events.push(earlier);
        continue;
      }
      const number = serial++;
      const lag = place % lateEvery === 0 ? 6 * 3_600_000 : (number % 600) * 1_000;
      events.push({
        sessionId: `bench-${number % sessionCount}`,
        eventId: `event-${number}`,
        itemId: `item-${number % 9_973}`,
        type: types[number % types.length] ?? 'click',
        position: 1 + (number % 20),
        dwellSeconds: number % 3 === 0 ? number % 240 : undefined,
        createdAt: new Date(now - lag),
        meta: { page: 'results', device: number % 2 === 0 ? 'phone' : 'desktop' },
      });
    }
    return events;
  };
}

/** A tenth of the events are repetitions of others. */
export const distinctShare = 1 - 1 / duplicateEvery;
