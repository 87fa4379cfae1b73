import { expect, it } from 'vitest';
import { runDrill } from '../drill/run-drill.ts';

it('a gateway, the document server and the database killed under load lose nothing that was acknowledged', async () => {
  const parts = ['gateway 1', 'documents', 'primary'];
  const { windows, verdict } = await runDrill({
    ...{ parts, gateways: 2, withStandby: true, downSeconds: 1, searchesPerSecond: 10, upsertsPerSecond: 2 },
    workers: [['upsertion', 'inference', 'improvement']],
    tell: () => undefined,
  });
  expect(verdict.broken).toEqual([]);
  expect(verdict.counted.clicks).toBeGreaterThan(50);
  expect(verdict.counted.items).toBeGreaterThan(10);
  const failed = (name: string) => windows.find((window) => window.name === name)?.searchesFailed;
  // The other gateway, and this one without the document server, answer every search.
  expect(parts.slice(0, 2).map(failed)).toEqual([0, 0]);
});
