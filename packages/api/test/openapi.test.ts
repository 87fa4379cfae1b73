import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { buildOpenApi, restRoutes } from '../src/rest/index.ts';

type Json = Record<string, unknown>;
const document = buildOpenApi(restRoutes, '0.0.0');
const paths = document.paths as Record<string, Record<string, Json>>;

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    const result = await validator.validate(structuredClone(document));
    expect(result.errors ?? []).toEqual([]);
    expect(result.valid).toBe(true);
    expect(validator.version).toBe('3.1');
  });

  it('describes every route of the table and nothing else', () => {
    const described = Object.entries(paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(described.sort()).toEqual(restRoutes.map((route) => `${route.method} /api/v1${route.path}`).sort());
  });

  it('gives every operation its own id', () => {
    const ids = restRoutes.map((route) => route.operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('resolves every reference', () => {
    const text = JSON.stringify(document);
    const schemas = (document.components as { schemas: Json }).schemas;
    const references = [...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(references.length).toBeGreaterThan(10);
    for (const name of references) expect(Object.keys(schemas)).toContain(name);
  });

  it('describes every component itself, not by a reference to itself', () => {
    const { schemas } = document.components as { schemas: Record<string, Json> };
    const bare = Object.entries(schemas).filter(([, schema]) => schema.properties === undefined);
    expect(bare).toEqual([]);
    expect(Object.keys(schemas.SimilaritySearchAnswer?.properties ?? {})).toContain('search_results');
  });

  it('asks for a key everywhere but at the ping', () => {
    const open = restRoutes.filter((route) => route.scope === null).map((route) => route.path);
    expect(open).toEqual(['/ping']);
    expect(paths['/api/v1/ping']?.get?.security).toEqual([]);
    expect(paths['/api/v1/embeddings/similarity-search']?.post?.security).toEqual([{ apiKey: [] }]);
  });

  it('lists the fields of GET routes as query parameters', () => {
    const parameters = paths['/api/v1/embeddings/upsertion-tasks/list']?.get?.parameters as Json[];
    expect(parameters.map((parameter) => parameter.name)).toEqual(['offset', 'limit', 'status']);
  });
});
