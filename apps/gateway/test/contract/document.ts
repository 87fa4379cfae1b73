import { z } from 'zod';

type Json = Record<string, unknown>;

interface Operation {
  parameters?: { name: string; example?: unknown }[];
  requestBody?: { content: Record<string, { schema: Json; example?: Json }> };
  responses: Record<string, { content?: Record<string, { schema: Json }> }>;
}

/** The OpenAPI document as a gateway serves it, read the way a client generator would. */
export class ContractDocument {
  constructor(readonly document: Json) {}

  operations(): { method: string; path: string; operation: Operation }[] {
    const paths = this.document.paths as Record<string, Record<string, Operation>>;
    return Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
    );
  }

  operation(method: string, path: string): Operation {
    const found = this.operations().find((one) => one.method === method && one.path === path);
    if (!found) throw new Error(`${method} ${path} is not in the document`);
    return found.operation;
  }

  /** The schema of an answer, as a parser. */
  answer(operation: Operation, status: number): z.ZodType {
    const schema = operation.responses[String(status)]?.content?.['application/json']?.schema;
    if (!schema) throw new Error(`no answer ${status} is documented`);
    return z.fromJSONSchema(this.resolve(schema) as Parameters<typeof z.fromJSONSchema>[0]);
  }

  example(operation: Operation): Json {
    const body = operation.requestBody?.content['application/json']?.example;
    if (body) return body;
    const given = (operation.parameters ?? []).filter(({ example }) => example !== undefined);
    return Object.fromEntries(given.map(({ name, example }) => [name, example]));
  }

  /** Puts what a `$ref` points to in its place; `inside` ends schemas that contain themselves. */
  private resolve(value: unknown, inside: string[] = []): unknown {
    if (Array.isArray(value)) return value.map((inner) => this.resolve(inner, inside));
    if (typeof value !== 'object' || value === null) return value;
    const { $ref, ...rest } = value as Json;
    if (typeof $ref !== 'string')
      return Object.fromEntries(Object.entries(rest).map(([name, inner]) => [name, this.resolve(inner, inside)]));
    const name = $ref.split('/').at(-1) ?? '';
    if (inside.includes(name)) return {};
    const { schemas } = this.document.components as { schemas: Json };
    return this.resolve(schemas[name], [...inside, name]);
  }
}
