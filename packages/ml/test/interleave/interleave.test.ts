import { balanced, creditOf, creditSession, type InterleaveInput, teamDraft } from '@embedding-studio/ml/interleave';
import { createRandom } from '@embedding-studio/ml/ranking';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const ids = fc.uniqueArray(fc.integer({ min: 1, max: 30 }).map(String), { maxLength: 20 });
const inputs = fc.record({
  first: ids,
  second: ids,
  length: fc.integer({ min: 0, max: 25 }),
  seed: fc.string({ maxLength: 8 }),
});
const makers = { teamDraft, balanced };

describe.each(Object.entries(makers))('%s', (_, make) => {
  it('shows each item once, one letter for each place, and never more than the longer list has', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const { items, teams } = make(input);
        expect(new Set(items).size).toBe(items.length);
        expect(teams.length).toBe(items.length);
        expect(items.length).toBe(Math.min(input.length, Math.max(input.first.length, input.second.length)));
        for (const itemId of items) expect([...input.first, ...input.second]).toContain(itemId);
      }),
    );
  });

  it('begins alike whatever the length, and whatever the lists hold below it', () => {
    fc.assert(
      fc.property(inputs, fc.integer({ min: 0, max: 25 }), (input, shorter) => {
        const length = Math.min(shorter, input.length, input.first.length, input.second.length);
        const whole = make(input);
        const cut = make({ ...input, length });
        expect(cut.items).toEqual(whole.items.slice(0, length));
        expect(cut.teams).toBe(whole.teams.slice(0, length));
        const [first, second] = [input.first.slice(0, length), input.second.slice(0, length)];
        expect(make({ ...input, first, second, length })).toEqual(cut);
      }),
    );
  });

  it('credits nobody where both lists agree from the top on', () => {
    const { items, teams } = make({ first: ['x', 'y', 'a', 'b'], second: ['x', 'y', 'b', 'a'], length: 4, seed: 's' });
    expect(items.slice(0, 2)).toEqual(['x', 'y']);
    expect(teams).toMatch(/^--[AB]{2}$/);
    expect(make({ first: ['x', 'y'], second: ['x', 'y'], length: 9, seed: 's' }).teams).toBe('--');
  });

  it('goes on with the longer list where the shorter one ends', () => {
    const { items, teams } = make({ first: ['a'], second: ['b', 'c', 'd', 'e'], length: 9, seed: 's' });
    expect(items).toHaveLength(4);
    expect(teams.match(/B/g)).toHaveLength(3);
    expect(make({ first: [], second: ['b', 'c'], length: 9, seed: 's' })).toEqual({ items: ['b', 'c'], teams: 'BB' });
  });

  it('gives the same for the same seed and both orders over many seeds', () => {
    const lists = { first: ['a', 'b', 'c'], second: ['c', 'b', 'a'], length: 3 };
    const made = Array.from({ length: 40 }, (__, seed) => make({ ...lists, seed: `user-${seed}` }).items.join(''));
    expect(new Set(made).size).toBeGreaterThan(1);
    expect(make({ ...lists, seed: 'user-7' }).items.join('')).toBe(made[7]);
  });
});

/** Wins of the first list less those of the second when clicks fall anywhere alike, over many seeds. */
function preferenceOf(input: Omit<InterleaveInput, 'seed'>, options: { sessions: number; salt: string }): number {
  const random = createRandom(11);
  let preference = 0;
  for (let session = 0; session < options.sessions; session++) {
    const { teams } = teamDraft({ ...input, seed: `${options.salt}-${session}` });
    const clicks = [...teams].flatMap((___, index) => (random() < 0.3 ? [{ position: index + 1, weight: 1 }] : []));
    const { winner } = creditOf(teams, clicks);
    preference += winner === 'first' ? 1 : winner === 'second' ? -1 : 0;
  }
  return preference;
}

describe('fairness', () => {
  const lists = { first: ['a', 'b', 'c', 'd', 'e', 'f', 'g'], second: ['b', 'c', 'd', 'e', 'f', 'g', 'a'], length: 7 };

  it('finds no preference in random clicks, within five standard errors of a fair coin', () => {
    const sessions = 5_000;
    for (const salt of ['one', 'two', 'three'])
      expect(Math.abs(preferenceOf(lists, { sessions, salt }))).toBeLessThan(5 * Math.sqrt(sessions));
  });

  it('gives each team half of every place where the lists share nothing', () => {
    const seeds = 4_000;
    const input = { first: ['a', 'b', 'c', 'd'], second: ['e', 'f', 'g', 'h'], length: 4 };
    const counts = [0, 0, 0, 0];
    for (let seed = 0; seed < seeds; seed++)
      [...teamDraft({ ...input, seed: `s${seed}` }).teams].forEach((team, place) => {
        counts[place] = (counts[place] ?? 0) + Number(team === 'A');
      });
    for (const count of counts) expect(Math.abs(count - seeds / 2)).toBeLessThan(5 * Math.sqrt(seeds / 4));
  });

  it('says the opposite when the lists are swapped and the coins fall the other way', () => {
    const swapped = { ...lists, first: lists.second, second: lists.first };
    const variants = (input: typeof lists) =>
      Array.from({ length: 400 }, (_, seed) => teamDraft({ ...input, seed: `s${seed}` }));
    const turned = (teams: string) => teams.replace(/[AB]/g, (team) => (team === 'A' ? 'B' : 'A'));
    const own = new Set(variants(lists).map(({ items, teams }) => `${items} ${turned(teams)}`));
    expect(own.size).toBe(2 ** 4);
    expect(new Set(variants(swapped).map(({ items, teams }) => `${items} ${teams}`))).toEqual(own);
  });
});

describe('credit', () => {
  it('sums weights by team, passes over places of nobody, and knows ties from silence', () => {
    const clicks = [
      { position: 1, weight: 5 },
      { position: 2, weight: 0.3 },
      { position: 4, weight: 0.1 },
      { position: 3, weight: 0.4 },
      { position: 9, weight: 2 },
    ];
    expect(creditOf('-ABA', clicks)).toEqual({ first: 0.4, second: 0.4, clicks: 3, winner: 'tie' });
    expect(creditOf('-ABA', clicks.slice(0, 1)).winner).toBe('none');
    expect(creditOf('-ABA', clicks.slice(1, 2)).winner).toBe('first');
    expect(creditOf('-ABA', [{ position: 3, weight: 0.2 }]).winner).toBe('second');
  });

  it('weighs a stored session by satisfaction: a long stay outweighs a quick return', () => {
    const at = new Date('2026-01-01T10:00:00Z');
    const event = (itemId: string, dwellSeconds: number) => ({
      ...{ sessionId: 's', eventId: itemId, itemId, type: 'click', dwellSeconds, createdAt: at, receivedAt: at },
    });
    const session = {
      ...{ sessionId: 's', query: 'q', createdAt: at, isIrrelevant: false, batchId: 'b', sessionNumber: 1 },
      shown: ['x', 'y', 'z'].map((itemId, index) => ({ itemId, position: index + 1 })),
      events: [event('y', 2), event('z', 120)],
    };
    const credit = creditSession('-AB', session);
    expect(credit.winner).toBe('second');
    expect(credit.first).toBeCloseTo(0.1, 12);
    expect(credit.second).toBeGreaterThan(0.9);
  });
});
