import { type RestRoute, restRoutes, routeExamples } from '@embedding-studio/api/rest';
import { errorCodes, httpStatusOf } from '@embedding-studio/contracts';
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, api } from '../gateway-world.ts';
import { type ContractWorld, type KeyName, startContractWorld } from './contract-world.ts';
import { type ErrorCase, errorCases, shownElsewhere } from './error-cases.ts';
import { prepareExample } from './prepare.ts';

type Json = Record<string, unknown>;

let contract: ContractWorld;
beforeAll(async () => {
  contract = await startContractWorld();
});
afterAll(() => contract?.world.stop());

/** Addresses of what this product does not have; everything else answers its example with 200. */
const statusOf = ({ summary }: RestRoute): number => (summary.startsWith('Always 404') ? 404 : 200);
/** A key that lacks the scope of a route. */
const lacking: Record<string, KeyName> = {
  ...{ admin: 'search', search: 'clickstream', clickstream: 'search', ingest: 'clickstream' },
};

function routeOf(operationId: string): RestRoute {
  const found = restRoutes.find((route) => route.operationId === operationId);
  if (!found) throw new Error(`${operationId} is no route`);
  return found;
}

const operationOf = (route: RestRoute) => contract.document.operation(route.method, api(route.path));
const exampleOf = (route: RestRoute) => contract.real(contract.document.example(operationOf(route)));

/** The answer is of the status, and of the schema that the document gives for it. */
function expectAnswer(route: RestRoute, answer: Answer, status: number): void {
  const shown = { route: route.operationId, status: answer.status, body: answer.body };
  expect(shown).toMatchObject({ route: route.operationId, status });
  const documented = contract.document.answer(operationOf(route), status).safeParse(answer.body);
  expect(documented.error?.issues ?? []).toEqual([]);
}

describe('the example of every route', () => {
  it.each(restRoutes.map((route) => [`${route.method} ${route.path}`, route] as const))(
    '%s is in the document and answers as it says',
    async (_name, route) => {
      await prepareExample[route.operationId]?.(contract);
      const key = route.scope === null ? 'nobody' : 'admin';
      const answer = await contract.callRoute(route, { key, input: exampleOf(route) });
      expectAnswer(route, answer, statusOf(route));
      expect(answer.headers.get('content-type')).toContain('application/json');
      if (answer.status === 200) expect(route.output.safeParse(answer.body).error?.issues ?? []).toEqual([]);
    },
  );

  it('is there for every route, and for nothing else', () => {
    expect(Object.keys(routeExamples).sort()).toEqual(restRoutes.map(({ operationId }) => operationId).sort());
  });
});

describe('every guarded route', () => {
  const guarded = restRoutes.filter((route) => route.scope !== null);

  it.each(guarded.map((route) => [route.operationId, route] as const))(
    '%s refuses strangers, other scopes and unknown fields',
    async (_name, route) => {
      const input = exampleOf(route);
      expectAnswer(route, await contract.callRoute(route, { key: 'nobody', input }), 401);
      const scope = lacking[route.scope ?? ''] ?? 'nobody';
      expectAnswer(route, await contract.callRoute(route, { key: scope, input }), 403);
      const odd = await contract.callRoute(route, { key: 'admin', input: { ...input, no_such_field: 1 } });
      expectAnswer(route, odd, 422);
      expect(odd.body).toMatchObject({ code: 'INPUT_INVALID', field: 'no_such_field' });
    },
  );
});

/** `{live}` is the model that serves, `{twice}` the objects of the example and the first again. */
function changed(input: Json, change: Json): Json {
  const [first] = Array.isArray(input.objects) ? input.objects : [];
  const real = (value: unknown): unknown => {
    if (value === '{live}') return contract.modelId;
    if (value === '{twice}') return [first, first];
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, real(inner)]));
    return value;
  };
  const both = { ...input, ...(real(change) as Json) };
  return Object.fromEntries(Object.entries(both).filter(([, value]) => value !== undefined));
}

async function runCase(one: ErrorCase): Promise<{ route: RestRoute; answer: Answer }> {
  const route = routeOf(one.operationId);
  const input = exampleOf(route);
  const key = one.key ?? 'admin';
  if (one.afterExample) await contract.callRoute(route, { key, input });
  return { route, answer: await contract.callRoute(route, { key, input: changed(input, one.change) }) };
}

describe('every error', () => {
  it.each(errorCases.map((one) => [`${one.operationId}: ${one.name} is ${one.status} ${one.code}`, one] as const))(
    '%s',
    async (_name, one) => {
      const { route, answer } = await runCase(one);
      expectAnswer(route, answer, one.status);
      expect(answer.body.code).toBe(one.code);
      if (one.field !== undefined) expect(answer.body.field).toBe(one.field);
      expect(String(answer.body.detail).length).toBeGreaterThan(10);
    },
  );

  it('has a case here, or a place where it is shown', () => {
    const shown = new Set([...errorCases.map(({ code }) => code), ...Object.keys(shownElsewhere)]);
    expect(errorCodes.filter((code) => !shown.has(code))).toEqual([]);
    for (const { status, code } of errorCases) expect(httpStatusOf[code]).toBe(status);
  });
});

describe('the document', () => {
  /** Not part of the contract of applications: the document itself, probes, the SDK's own calls. */
  const outside = ['/openapi.json', '/health/live', '/health/ready', '/trpc/:path', '*'];

  it('describes every mounted route, and mounts every route that it describes', () => {
    const mounted = contract.world.routes.filter(({ url }) => !outside.includes(url));
    const names = mounted
      .flatMap(({ method, url }) => [method].flat().map((name) => `${name} ${url.replaceAll(/:(\w+)/g, '{$1}')}`))
      .filter((name) => !name.startsWith('HEAD '));
    const described = contract.document.operations().map(({ method, path }) => `${method} ${path}`);
    expect([...new Set(names)].sort()).toEqual(described.sort());
  });

  it('is valid OpenAPI 3.1 and served without a key', async () => {
    const validator = new Validator();
    const result = await validator.validate(structuredClone(contract.document.document));
    expect(result.errors ?? []).toEqual([]);
    expect(validator.version).toBe('3.1');
  });
});
