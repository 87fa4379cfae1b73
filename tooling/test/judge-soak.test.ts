import { describe, expect, it } from 'vitest';
import { judgeSoak } from '../soak/judge-soak.ts';
import type { Sample } from '../soak/sample.ts';

/** An hour, a sample every ten seconds. */
const hour = (of: (at: number) => Partial<Sample>): Sample[] =>
  Array.from({ length: 360 }, (_, n) => ({
    ...{ at: n * 10, memory: {}, heap: {}, lag: {}, rows: {}, connections: 20 },
    ...of(n * 10),
  }));
const soundOf = (samples: Sample[]) =>
  Object.fromEntries(judgeSoak(samples).map(({ name, isSound }) => [name, isSound]));

describe('a soak', () => {
  it('finds what grows, and its slope', () => {
    const samples = hour((at) => ({ memory: { gateway: 300 + at / 20 }, rows: { outbox: at } }));
    expect(soundOf(samples)).toEqual({ gateway: false, outbox: false, database: true });
    expect(judgeSoak(samples)[0]?.slopePerHour).toBeCloseTo(180);
  });

  it('bears with warming up, with noise, and with what use itself makes grow', () => {
    const samples = hour((at) => ({
      memory: { gateway: at < 600 ? 100 + at / 3 : 300 + 40 * Math.sin(at / 40), documents: 100 + at },
      lag: { gateway: at % 100 === 0 ? 90 : 12 },
    }));
    expect(soundOf(samples)).toEqual({ gateway: true, documents: true, database: true });
  });
});
