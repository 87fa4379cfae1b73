import { z } from 'zod';
import { routeExamples } from '../rest/examples/index.ts';
import type { RestRoute } from '../rest/route.ts';
import { restRoutes } from '../rest/table.ts';

export interface RequestField {
  name: string;
  in: 'path' | 'query' | 'body';
  isRequired: boolean;
  /** As JSON Schema names it, alternatives joined by ` | `. */
  type: string;
  /** The only values there are; empty when there is no such list. */
  values: string[];
}

export interface RequestDescription {
  method: RestRoute['method'];
  /** With `/api/v1`, names in braces. */
  path: string;
  operationId: string;
  summary: string;
  fields: RequestField[];
  example: unknown;
}

/** Every REST request with its fields, for completion: a digest of the OpenAPI document. */
export function describeRequests(): RequestDescription[] {
  return restRoutes.map((route) => ({
    method: route.method,
    path: `/api/v1${route.path}`,
    operationId: route.operationId,
    summary: route.summary,
    fields: route.input === null ? [] : describeFields(route, route.input),
    example: routeExamples[route.operationId] ?? null,
  }));
}

interface JsonSchema {
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  $ref?: string;
  $defs?: Record<string, JsonSchema>;
  anyOf?: JsonSchema[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
}

function describeFields(route: RestRoute, schema: z.ZodType): RequestField[] {
  const whole = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  const json = whole.$ref === undefined ? whole : (whole.$defs?.[whole.$ref.split('/').at(-1) ?? ''] ?? whole);
  return Object.entries(json.properties ?? {}).map(([name, property]) => ({
    name,
    in: placeOf(route, name),
    isRequired: json.required?.includes(name) === true,
    type: typeOf(property),
    values: valuesOf(property),
  }));
}

function placeOf(route: RestRoute, name: string): RequestField['in'] {
  if (route.path.includes(`{${name}}`)) return 'path';
  return route.method === 'POST' ? 'body' : 'query';
}

function typeOf({ type, anyOf, $ref, enum: values }: JsonSchema): string {
  if (anyOf !== undefined) return [...new Set(anyOf.map(typeOf))].join(' | ');
  if ($ref !== undefined) return $ref.split('/').at(-1) ?? 'object';
  if (type === undefined) return values === undefined ? 'any' : 'string';
  return Array.isArray(type) ? type.join(' | ') : type;
}

function valuesOf({ enum: values, anyOf, const: only, type }: JsonSchema): string[] {
  if (anyOf !== undefined) return anyOf.flatMap(valuesOf);
  if (type === 'boolean') return ['true', 'false'];
  return (values ?? (only === undefined ? [] : [only])).map(String);
}
