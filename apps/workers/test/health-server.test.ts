import { afterEach, expect, it } from 'vitest';
import { type HealthServer, startHealthServer } from '../src/health-server.ts';

let server: HealthServer | undefined;
afterEach(() => server?.close());

it('is live at once, ready when the queues are connected, and no longer once it stops', async () => {
  let ready = false;
  server = await startHealthServer({ host: '127.0.0.1', port: 0, isReady: () => ready });
  const statusOf = async (path: string) => (await fetch(`${server?.url}${path}`)).status;
  expect(await statusOf('/health/live')).toBe(200);
  expect(await statusOf('/health/ready')).toBe(503);
  ready = true;
  expect(await statusOf('/health/ready')).toBe(200);
  expect(await statusOf('/')).toBe(404);
});
