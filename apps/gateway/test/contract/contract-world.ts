import {
  exampleBatchId,
  exampleModelId,
  exampleNextModelId,
  exampleTime,
  exampleVector,
  type RestRoute,
} from '@embedding-studio/api/rest';
import { type Answer, api, type GatewayWorld, startGatewayWorld } from '../gateway-world.ts';
import { ContractDocument } from './document.ts';

type Json = Record<string, unknown>;
export type KeyName = keyof GatewayWorld['keys'] | 'nobody';

/** One studio for the whole suite: a live collection, a second model, a released batch. */
export interface ContractWorld {
  world: GatewayWorld;
  document: ContractDocument;
  modelId: string;
  nextModelId: string;
  batchId: string;
  /** Real ids and vectors in the place of those in the examples. */
  real(input: Json): Json;
  callRoute(
    route: Pick<RestRoute, 'method' | 'path' | 'isBeacon'>,
    options: { key: KeyName; input: Json },
  ): Promise<Answer>;
}

export async function startContractWorld(): Promise<ContractWorld> {
  const world = await startGatewayWorld();
  const modelId = await world.makeLive([
    { id: 'boots', title: 'Red boots', text: 'Warm boots for winter.', payload: { price: 80, tags: ['winter'] } },
    { id: 'lamp', title: 'Desk lamp', text: 'A lamp with two arms.' },
    { id: 'plate', title: 'Plate', text: 'A plate of clay.' },
  ]);
  const nextModelId = await world.registerModel(6);
  const batchId = await releaseOne(world);
  const collection = await world.studio.deps.collections.findLiveCollection();
  const vector = Array.from({ length: collection?.collection.dims ?? 0 }, (_, index) => (index === 0 ? 1 : 0));
  const replace = (value: unknown): unknown => {
    if (JSON.stringify(value) === JSON.stringify(exampleVector)) return vector;
    if (Array.isArray(value)) return value.map(replace);
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, replace(inner)]));
    return (
      {
        [exampleModelId]: modelId,
        [exampleNextModelId]: nextModelId,
        [exampleBatchId]: batchId,
        [exampleTime]: new Date().toISOString(),
      }[String(value)] ?? value
    );
  };
  const document = new ContractDocument((await world.call('GET', '/openapi.json')).body);
  return {
    ...{ world, document, modelId, nextModelId, batchId },
    real: (input) => replace(input) as Json,
    callRoute: (route, { key, input }) => callRoute(world, route, { key, input }),
  };
}

async function releaseOne(world: GatewayWorld): Promise<string> {
  const { sessions, clock } = world.studio.deps;
  await sessions.registerSession({ sessionId: 'past', query: 'boots', shown: [], createdAt: clock.now() });
  const batch = await sessions.releaseBatch('past');
  if (batch === null) throw new Error('nothing was released');
  return batch.batchId;
}

function callRoute(
  world: GatewayWorld,
  route: Pick<RestRoute, 'method' | 'path' | 'isBeacon'>,
  { key, input }: { key: KeyName; input: Json },
): Promise<Answer> {
  const bearer = key === 'nobody' ? undefined : world.keys[key];
  const path = api(
    route.path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => encodeURIComponent(String(input[name]))),
  );
  const body = route.isBeacon && bearer !== undefined ? { ...input, api_key: bearer } : input;
  if (route.method === 'POST') return world.call('POST', path, { key: bearer, body });
  const rest = Object.entries(input).filter(([name]) => !route.path.includes(`{${name}}`));
  const query = new URLSearchParams(rest.map(([name, value]): [string, string] => [name, String(value)]));
  return world.call(route.method, query.size === 0 ? path : `${path}?${query}`, { key: bearer });
}
