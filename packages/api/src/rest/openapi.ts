import { z } from 'zod';
import { ErrorAnswer } from './error-body.ts';
import { routeExamples } from './examples/index.ts';
import type { RestRoute } from './route.ts';

type Json = Record<string, unknown>;

const errorStatuses: Record<string, string> = {
  '400': 'A time lies more than 12 hours back or 5 minutes ahead.',
  '401': 'No API key, or one that is unknown, expired or revoked.',
  '403': 'The key lacks the scope.',
  '404': 'Nothing under that id.',
  '409': 'It contradicts what is stored.',
  '413': 'The body is too large.',
  '422': 'A field is wrong; `field` names it.',
  '429': 'Too many requests; try again after `Retry-After` seconds.',
  '503': 'A service behind this one is away; try again after `Retry-After` seconds.',
};

const waitingStatuses = new Set(['429', '503']);
const waitHeader = {
  'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer', minimum: 1 } },
};
const rateHeaders = {
  'RateLimit-Policy': { description: 'Limit (q) and window in seconds (w) of the key.', schema: { type: 'string' } },
  RateLimit: { description: 'Requests left (r) and seconds until the window ends (t).', schema: { type: 'string' } },
};

/** OpenAPI 3.1 of the REST table, from the same zod schemas that parse its requests. */
export function buildOpenApi(routes: readonly RestRoute[], version: string): Json {
  const components: Record<string, Json> = {};
  const schemaOf = (schema: z.ZodType, io: 'input' | 'output') => toJsonSchema(schema, { io, components });
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const path = `/api/v1${route.path}`;
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: describeOperation(route, schemaOf) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Embedding Studio',
      version,
      description: 'A search engine that gets better from its users’ clicks.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    paths,
    components: { schemas: components, securitySchemes: { apiKey: { type: 'http', scheme: 'bearer' } } },
  };
}

type SchemaOf = (schema: z.ZodType, io: 'input' | 'output') => Json;

function describeOperation(route: RestRoute, schemaOf: SchemaOf): Json {
  const done = { description: 'Done.', content: jsonContent(schemaOf(route.output, 'output')) };
  const responses: Json = { '200': route.scope === null ? done : { ...done, headers: rateHeaders } };
  for (const [status, description] of Object.entries(errorStatuses)) {
    const headers = waitingStatuses.has(status) && { headers: waitHeader };
    responses[status] = { description, ...headers, content: jsonContent(schemaOf(ErrorAnswer, 'output')) };
  }
  return {
    operationId: route.operationId,
    summary: route.summary,
    security: route.scope === null || route.isBeacon ? [] : [{ apiKey: [] }],
    ...(route.scope !== null && { description: `Needs an API key with scope \`${route.scope}\`.` }),
    ...describeInput(route, schemaOf),
    responses,
  };
}

function describeInput(route: RestRoute, schemaOf: SchemaOf): Json {
  if (!route.input) return {};
  const schema = schemaOf(route.input, 'input');
  const example = routeExamples[route.operationId];
  const plain = route.isBeacon && {
    'text/plain': { schema: { type: 'string', description: 'The same as JSON text.' } },
  };
  if (route.method === 'POST')
    return { requestBody: { required: true, content: { ...jsonContent(schema, example), ...plain } } };
  const required = Array.isArray(schema.required) ? schema.required : [];
  const properties = Object.entries((schema.properties ?? {}) as Record<string, Json>);
  return {
    parameters: properties.map(([name, property]) => ({
      name,
      in: route.path.includes(`{${name}}`) ? 'path' : 'query',
      required: required.includes(name),
      schema: property,
      ...(example?.[name] !== undefined && { example: example[name] }),
    })),
  };
}

function jsonContent(schema: Json, example?: Json): Json {
  return { 'application/json': { schema, ...(example !== undefined && { example }) } };
}

/** Schemas with an id become components, also those inside others; everything else stays in place. */
function toJsonSchema(schema: z.ZodType, options: { io: 'input' | 'output'; components: Record<string, Json> }): Json {
  const generated = JSON.stringify(z.toJSONSchema(schema, { io: options.io, unrepresentable: 'any' }));
  const { $schema, $defs, ...json } = JSON.parse(generated.replaceAll('#/$defs/', '#/components/schemas/')) as Json;
  for (const [name, definition] of Object.entries(($defs ?? {}) as Record<string, Json>)) {
    options.components[name] = withoutId(definition);
  }
  const id = schema.meta()?.id;
  if (typeof id !== 'string') return json;
  // A schema with an id may come as nothing but a reference to its definition, which is kept above.
  if (json.$ref === undefined) options.components[id] = withoutId(json);
  return { $ref: `#/components/schemas/${id}` };
}

function withoutId({ id: _id, ...body }: Json): Json {
  return body;
}
