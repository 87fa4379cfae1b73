import * as observe from '@embedding-studio/telemetry/observe';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { observeRequest } from '../src/server/observe-request.ts';

const key = Symbol.for('embedding-studio.web-server');
const holder = globalThis as { [key]?: unknown };
let telemetry: observe.ProcessTelemetry;
beforeAll(async () => {
  telemetry = await observe.openTelemetry({ name: 'console', version: '0', traces: null });
  // Where the console keeps what it has opened; of it only these are reached.
  holder[key] = Promise.resolve({ backend: { observe }, telemetry });
});
afterAll(async () => {
  delete holder[key];
  await telemetry?.close();
});

const request = (method: string) => new Request('http://console.test/api/trpc/search.searchItems?input=x', { method });
const route = '/api/trpc/[trpc]';

async function answersBy(labels: string): Promise<number> {
  const name = `embedding_studio_http_request_duration_seconds_count{route="${route}",${labels}}`;
  const line = (await telemetry.scrape()).text.split('\n').find((text) => text.startsWith(name));
  return Number(line?.split(' ').at(-1) ?? 0);
}

it('an answer of the console is told by the template of its route, its method and its status', async () => {
  const answer = async () => new Response('no', { status: 404 });
  expect((await observeRequest({ route, request: request('POST') }, answer)).status).toBe(404);
  expect(await answersBy('method="POST",status="4xx"')).toBe(1);
});

it('what ends without an answer counts as one of the server’s faults, and is passed on', async () => {
  const fault = async () => {
    throw new TypeError('broken');
  };
  await expect(observeRequest({ route, request: request('GET') }, fault)).rejects.toThrow('broken');
  expect(await answersBy('method="GET",status="5xx"')).toBe(1);
});
