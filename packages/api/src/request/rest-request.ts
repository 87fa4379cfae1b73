import { toStudioError } from '@embedding-studio/contracts';
import { z } from 'zod';
import { errorAnswer, findStudioError } from '../rest/error-body.ts';
import type { RestRoute } from '../rest/route.ts';
import { restRoutes } from '../rest/table.ts';
import type { AppCaller } from '../router.ts';

export const RestRequest = z.strictObject({
  method: z.enum(['GET', 'POST', 'PUT', 'DELETE']),
  /** With `/api/v1` before it, and values in place of names in braces. */
  path: z.string().min(1).max(2_000),
  query: z.record(z.string(), z.string().max(10_000)).default({}),
  body: z.unknown().optional(),
});
export type RestRequest = z.output<typeof RestRequest>;

export interface RestAnswer {
  status: number;
  /** JSON with line breaks, cut where it is long. */
  body: string;
  isCut: boolean;
  /** Characters of the whole body. */
  length: number;
  tookMs: number;
}

const bodyMax = 150_000;

/** What the public address would answer, asked in this process with the caller's own rights. */
export async function runRestRequest(
  request: RestRequest,
  { caller, requestId, now }: { caller: AppCaller; requestId: string; now: () => number },
): Promise<RestAnswer> {
  const startedAt = now();
  const { status, body } = await answerRequest(request, { caller, requestId });
  const text = JSON.stringify(body, null, 2) ?? 'null';
  const isCut = text.length > bodyMax;
  return { status, body: text.slice(0, bodyMax), isCut, length: text.length, tookMs: now() - startedAt };
}

async function answerRequest(
  request: RestRequest,
  { caller, requestId }: { caller: AppCaller; requestId: string },
): Promise<{ status: number; body: unknown }> {
  const found = findRoute(request);
  if (found === null) {
    const detail = `There is no ${request.method} ${request.path}; see the list of requests.`;
    return { status: 404, body: { detail, code: 'ROUTE_NOT_FOUND', request_id: requestId } };
  }
  const given = request.method === 'POST' ? (request.body ?? {}) : request.query;
  const input = found.route.path.includes('{') ? Object.assign({}, given, found.values) : given;
  try {
    return { status: 200, body: await found.route.run(caller, input) };
  } catch (error) {
    return errorAnswer(findStudioError(error) ?? toStudioError(error), { requestId });
  }
}

/** Literal parts go before names in braces, as the gateway has it. */
function findRoute({ method, path }: RestRequest): { route: RestRoute; values: Record<string, string> } | null {
  const parts = path.split('?')[0]?.split('/') ?? [];
  const found = restRoutes.flatMap((route) => {
    if (route.method !== method) return [];
    const values = matchPath(`/api/v1${route.path}`.split('/'), parts);
    return values === null ? [] : [{ route, values }];
  });
  found.sort((left, right) => Object.keys(left.values).length - Object.keys(right.values).length);
  return found[0] ?? null;
}

function matchPath(pattern: readonly string[], parts: readonly string[]): Record<string, string> | null {
  if (pattern.length !== parts.length) return null;
  const values: Record<string, string> = {};
  for (const [index, wanted] of pattern.entries()) {
    const part = parts[index] ?? '';
    const name = /^\{(\w+)\}$/.exec(wanted)?.[1];
    if (name === undefined && wanted !== part) return null;
    if (name !== undefined) values[name] = decodePart(part);
  }
  return values;
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
