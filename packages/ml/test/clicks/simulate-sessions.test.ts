import { describe, expect, it } from 'vitest';
import { clickChance, simulateSessions } from '../../src/clicks/index.ts';

const items = Array.from({ length: 10 }, (_, index) => `i${index}`);
const query = { queryId: 'q', text: 'q', relevant: { i0: 3, i1: 1, i4: 3 }, judged: items };
const model = { bias: 1, noise: 0.1, gradeMax: 3 };
const input = { qrels: [query], rankings: { q: items }, seed: 1, sessionsPerQuery: 4000, model };

describe('simulateSessions', () => {
  it('clicks as often as the model says, rank by rank', () => {
    const sessions = simulateSessions(input);
    const share = (itemId: string) =>
      sessions.filter(({ clicked }) => clicked.includes(itemId)).length / sessions.length;
    // θ(k) = 1 / k and γ = .1 + .9 · (2^grade − 1) / 7
    expect(share('i0')).toBe(1);
    expect(share('i1')).toBeCloseTo((1 / 2) * (0.1 + 0.9 / 7), 1.7);
    expect(share('i4')).toBeCloseTo(1 / 5, 1.7);
    expect(share('i9')).toBeCloseTo(0.01, 1.7);
  });

  it('looks at every rank alike without bias', () => {
    expect(clickChance({ bias: 0, noise: 0, gradeMax: 1 }, 1, 9)).toBe(1);
    expect(clickChance({ bias: 0, noise: 0, gradeMax: 1 }, 0, 1)).toBe(0);
  });

  it('says that it is simulated in every session and in its id', () => {
    for (const session of simulateSessions({ ...input, sessionsPerQuery: 3 })) {
      expect(session.isSimulated).toBe(true);
      expect(session.sessionId).toMatch(/^simulated-/);
    }
  });

  it('repeats itself with the same seed only', () => {
    const few = { ...input, sessionsPerQuery: 20 };
    expect(simulateSessions(few)).toEqual(simulateSessions(few));
    const clicks = (seed: number) => simulateSessions({ ...few, seed }).map(({ clicked }) => clicked);
    expect(clicks(1)).not.toEqual(clicks(2));
  });

  it('shows one page and leaves out queries without a ranking', () => {
    const sessions = simulateSessions({ ...input, sessionsPerQuery: 1, pageSize: 4 });
    expect(sessions[0]?.shown).toEqual(items.slice(0, 4));
    expect(simulateSessions({ ...input, rankings: {} })).toEqual([]);
  });
});
