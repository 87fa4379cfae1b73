/** What a client of the installation sees of one request. */
export interface Reply {
  /** Null: no gateway gave any answer. */
  status: number | null;
  body: Record<string, unknown>;
  tookMs: number;
}

export interface Request {
  path: string;
  body: unknown;
}

export type Send = (request: Request) => Promise<Reply>;

const timeoutMs = 10_000;

/**
 * Sends to the gateways in turn, and to the next one where one cannot be reached or says 503, as a load balancer before
 * them does. All that is sent here may be sent twice.
 */
export function createBalancer(gateways: readonly string[], key: string): Send {
  let turn = 0;
  return async ({ path, body }) => {
    const started = performance.now();
    let reply: Omit<Reply, 'tookMs'> = { status: null, body: {} };
    const first = turn++;
    for (let tried = 0; tried < gateways.length; tried++) {
      const url = `${gateways[(first + tried) % gateways.length]}/api/v1${path}`;
      reply = await ask(url, { key, body }).catch(() => ({ status: null, body: {} }));
      if (reply.status !== null && reply.status !== 503) break;
    }
    return { ...reply, tookMs: performance.now() - started };
  };
}

async function ask(url: string, { key, body }: { key: string; body: unknown }): Promise<Omit<Reply, 'tookMs'>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(timeoutMs),
  });
  const answer: unknown = await response.json();
  return { status: response.status, body: (answer ?? {}) as Record<string, unknown> };
}
