import { openServer } from './open-server';

const bodyBytesMax = 8 * 1024 * 1024;

/** A page of another site may not act with this one's cookies, and nobody may send endless bodies. */
export async function refuseForeign(request: Request): Promise<Response | null> {
  const { settings } = await openServer();
  const origin = request.headers.get('origin');
  const site = request.headers.get('sec-fetch-site');
  const isForeign = origin === null ? site === 'cross-site' : origin !== new URL(settings.CONSOLE_URL).origin;
  if (isForeign) return refusal(403, 'This request comes from another site.');
  if (request.method === 'GET') return null;
  if (request.headers.get('content-type')?.startsWith('application/json') !== true)
    return refusal(415, 'Send application/json.');
  if (Number(request.headers.get('content-length') ?? 0) > bodyBytesMax)
    return refusal(413, 'The request body is too large; send less at once.');
  return null;
}

function refusal(status: number, message: string): Response {
  return Response.json({ error: { message } }, { status });
}
