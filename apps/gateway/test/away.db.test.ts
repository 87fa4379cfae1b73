import { StudioError } from '@embedding-studio/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { api, type GatewayWorld, startGatewayWorld } from './gateway-world.ts';

let world: GatewayWorld;
beforeAll(async () => {
  world = await startGatewayWorld();
});
afterAll(() => world?.stop());

describe('while a store is away', () => {
  it('REST and tRPC both answer 503 and say when to come again', async () => {
    world.studio.deps.sessions.getSession = async () => {
      throw new StudioError('STORE_UNAVAILABLE', 'away for the test');
    };
    const key = world.keys.clickstream;
    const raw = { text: JSON.stringify({ json: { sessionId: 's' } }) };
    const answers = [
      await world.call('GET', api('/clickstream/session?session_id=s'), { key }),
      await world.call('POST', '/trpc/session.getSession', { key, raw }),
    ];
    for (const { status, headers } of answers)
      expect({ status, after: headers.get('retry-after') }).toEqual({ status: 503, after: '1' });
    expect(answers[0]?.body).toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });
});
