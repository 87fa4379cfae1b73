import { readFileSync } from 'node:fs';

/** Where the console answers, and as whom it is asked. */
export interface Caller {
  consoleUrl: string;
  /** Cookies, as Playwright stores them. */
  adminState: string;
}

interface Answer<T> {
  result?: { data: { json: T } };
  error?: { json: { message: string } };
}

function headersOf({ consoleUrl, adminState }: Caller): Record<string, string> {
  const { cookies } = JSON.parse(readFileSync(adminState, 'utf8')) as { cookies: { name: string; value: string }[] };
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  return { cookie, origin: new URL(consoleUrl).origin, 'content-type': 'application/json' };
}

async function read<T>(path: string, answer: Response): Promise<T> {
  const { result, error } = (await answer.json()) as Answer<T>;
  if (result === undefined) throw new TypeError(`${path}: ${error?.json.message ?? answer.status}`);
  return result.data.json;
}

/** What a query of the console's API answers; dates stay texts. */
export async function ask<T>(caller: Caller, path: string, input: object = {}): Promise<T> {
  const url = `${caller.consoleUrl}/api/trpc/${path}?input=${encodeURIComponent(JSON.stringify({ json: input }))}`;
  return read(path, await fetch(url, { headers: headersOf(caller), signal: AbortSignal.timeout(30_000) }));
}

/** What a mutation of it answers. */
export async function tell<T>(caller: Caller, path: string, input: object): Promise<T> {
  const answer = await fetch(`${caller.consoleUrl}/api/trpc/${path}`, {
    method: 'POST',
    headers: headersOf(caller),
    body: JSON.stringify({ json: input }),
    signal: AbortSignal.timeout(30_000),
  });
  return read(path, answer);
}
