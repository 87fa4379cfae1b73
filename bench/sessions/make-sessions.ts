import type { SessionEvent, SessionWithEvents } from '@embedding-studio/contracts';
import { createSeededRandom } from '@embedding-studio/stats';

/** Two periods of the longest that is asked for. */
export const days = 180;
const dayMs = 86_400_000;
const users = 100_000;
const devices = ['phone', 'desktop', 'tablet'];
const words = ['red', 'blue', 'oak', 'lamp', 'door', 'chair', 'light', 'table', 'garden', 'metal', 'soft', 'old'];

/** Sessions of a shop: frequent and rare queries, 4 % without results, two in five clicked, some robots. */
export function createSessionMaker(until: Date, count: number): (number: number) => SessionWithEvents {
  const random = createSeededRandom(11);
  const pick = <T>(list: readonly T[]): T => list[random.nextIndex(list.length)] as T;
  const step = (days * dayMs) / count;
  return (number) => {
    const sessionId = `bench-${number}`;
    const createdAt = new Date(until.getTime() - Math.floor((count - number) * step));
    const isZero = random.next() < 0.04;
    const rare = random.next() < 0.3 ? ` ${random.nextIndex(20_000)}` : '';
    const items = isZero ? [] : Array.from({ length: 10 }, () => `item-${random.nextIndex(9_973)}`);
    const events = isZero || random.next() < 0.6 ? [] : makeEvents({ sessionId, items, at: createdAt, random });
    const isBot = random.next() < 0.001;
    return {
      ...{
        sessionId,
        createdAt,
        events,
        batchId: 'bat',
        sessionNumber: number + 1,
        isIrrelevant: random.next() < 0.002,
      },
      ...{ query: `${pick(words)} ${pick(words)}${rare}`, userId: `user-${random.nextIndex(users)}` },
      shown: items.map((itemId, at) => ({ itemId, position: at + 1 })),
      ...{ collectionId: number < count / 2 ? 'col_1' : 'col_2', modelId: number < count / 2 ? 'mdl_1' : 'mdl_2' },
      searchMeta: { tookMs: 5 + random.nextIndex(80), device: devices[number % devices.length] },
      experiments: number % 2 === 0 ? [] : [{ experimentId: 'exp_1', arm: number % 4 === 1 ? 'a' : 'b', unit: 'u' }],
      ...(isBot ? { exclusions: ['bot_agent'] } : {}),
    };
  };
}

type Draw = ReturnType<typeof createSeededRandom>;

function makeEvents(given: { sessionId: string; items: readonly string[]; at: Date; random: Draw }): SessionEvent[] {
  const { sessionId, items, at, random } = given;
  const types = [
    'click',
    ...(random.next() < 0.1 ? ['add_to_cart'] : []),
    ...(random.next() < 0.05 ? ['purchase'] : []),
  ];
  const place = Math.min(items.length - 1, Math.floor(-Math.log(1 - random.next()) * 2.5));
  return types.map((type, number) => ({
    ...{ sessionId, eventId: `e${number}`, itemId: items[place] ?? '', type, position: place + 1, createdAt: at },
    ...{ receivedAt: at, ...(random.next() < 0.5 ? { dwellSeconds: random.nextIndex(90) } : {}) },
  }));
}
