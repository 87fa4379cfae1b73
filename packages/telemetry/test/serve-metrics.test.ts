import { request } from 'node:http';
import { afterEach, expect, it } from 'vitest';
import { type MetricsServer, mayReadMetrics, serveMetrics } from '../src/observe.ts';

const token = 'a token that is long enough';
const servers: MetricsServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function serve(given: string | null): Promise<MetricsServer> {
  const telemetry = { scrape: async () => ({ contentType: 'text/plain; version=0.0.4', text: 'up 1\n' }) };
  const server = await serveMetrics({ telemetry, host: '127.0.0.1', port: 0, token: given });
  servers.push(server);
  return server;
}

function get(server: MetricsServer, headers: Record<string, string> = {}, path = '/metrics') {
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const sent = request(`${server.url}${path}`, { headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
    });
    sent.on('error', reject).end();
  });
}

it('tells this machine, and nobody whose request a proxy on this machine passes on', async () => {
  const server = await serve(null);
  expect(await get(server)).toEqual({ status: 200, text: 'up 1\n' });
  for (const name of ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via'])
    expect(await get(server, { [name]: '203.0.113.7' })).toEqual({ status: 403, text: '' });
  expect((await get(server, {}, '/')).status).toBe(404);
});

it('with a token tells whoever sends it, and not even this machine without', async () => {
  const server = await serve(token);
  expect((await get(server, { authorization: `Bearer ${token}` })).status).toBe(200);
  expect((await get(server)).status).toBe(403);
  expect((await get(server, { authorization: `Bearer ${token}x` })).status).toBe(403);
  expect((await get(server, { authorization: token })).status).toBe(403);
});

it.each([
  ['203.0.113.7', false],
  ['10.0.0.8', false],
  ['::ffff:203.0.113.7', false],
  [undefined, false],
  ['127.0.0.1', true],
  ['::1', true],
  ['::ffff:127.0.0.1', true],
])('without a token an address of %s may read: %s', (remoteAddress, may) => {
  expect(mayReadMetrics({ remoteAddress, headers: {} }, null)).toBe(may);
});

it('says which setting is at fault when the port is taken', async () => {
  const server = await serve(null);
  const port = Number(new URL(server.url).port);
  const telemetry = { scrape: async () => ({ contentType: 'text/plain', text: '' }) };
  await expect(serveMetrics({ telemetry, host: '127.0.0.1', port, token: null })).rejects.toMatchObject({
    code: 'SETTINGS_INVALID',
  });
});
