import { expect, it } from 'vitest';
import { runDrill } from '../drill/run-drill.ts';

it('the document server, then a gateway whose spool waits, and the database killed under load lose nothing that was acknowledged', async () => {
  const parts = ['documents+gateway 1', 'primary'];
  const { windows, verdict } = await runDrill({
    ...{ parts, gateways: 2, withStandby: true, downSeconds: 1, searchesPerSecond: 10, upsertsPerSecond: 2 },
    workers: [['upsertion', 'inference', 'improvement']],
    tell: () => undefined,
  });
  expect(verdict.broken).toEqual([]);
  expect(verdict.counted.clicks).toBeGreaterThan(20);
  expect(verdict.counted.items).toBeGreaterThan(3);
  // The other gateway answers every search without the document server, and the standby without the primary.
  expect(windows.map(({ searchesFailed }) => searchesFailed)).toEqual(windows.map(() => 0));
});
