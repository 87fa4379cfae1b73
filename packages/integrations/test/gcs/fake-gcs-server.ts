import { findFreePort } from '@embedding-studio/testing';
import { findProgram, serveProgram } from '@embedding-studio/testing/go-programs';

export interface GcsServer {
  endpoint: string;
  stop(): Promise<void>;
}

/** Why there is none, in words, or an emulator of Google Cloud Storage on this machine with one empty bucket. */
export async function startFakeGcs(bucket: string): Promise<GcsServer | string> {
  const found = await findProgram('fake-gcs-server');
  if ('missing' in found) return found.missing;
  const port = await findFreePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const args = ['-scheme', 'http', '-host', '127.0.0.1', '-port', String(port), '-external-url', endpoint];
  args.push('-public-host', `127.0.0.1:${port}`, '-backend', 'memory', '-log-level', 'error');
  const served = await serveProgram(found.path, args, { answers: () => hasBucket(endpoint, bucket) });
  return { endpoint, stop: served.stop };
}

/** Makes it; false while the server is not up. */
async function hasBucket(endpoint: string, bucket: string): Promise<boolean> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ name: bucket });
  const answer = await fetch(`${endpoint}/storage/v1/b`, { method: 'POST', headers, body }).catch(() => null);
  return answer !== null && (answer.ok || answer.status === 409);
}
