import { imageBytesMax, StudioError } from '@embedding-studio/contracts';
import { createGuardedFetch } from '../sources/network/guarded-request.ts';
import type { HostGuard } from '../sources/network/host-guard.ts';

const timeoutMs = 30_000;
const redirectsMax = 3;

/** Fetches image files whose addresses users typed: https, hosts that the guard lets through, and not without end. */
export function createImageFetch(guard: HostGuard) {
  const fetch = createGuardedFetch(guard);
  return async (url: string, signal?: AbortSignal): Promise<Uint8Array> => {
    if (!url.startsWith('https://'))
      throw new StudioError('INPUT_INVALID', 'image.url: must be an https address', { field: 'image.url' });
    const timeout = AbortSignal.timeout(timeoutMs);
    const either = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
    const answer = await fetch({ url, signal: either, redirectsMax, bytesMax: imageBytesMax });
    if (answer.status !== 200) {
      answer.close();
      throw new StudioError('INPUT_INVALID', `image.url: the host answers ${answer.status}`, { field: 'image.url' });
    }
    const chunks: Uint8Array[] = [];
    for await (const chunk of answer.body) chunks.push(chunk);
    return new Uint8Array(Buffer.concat(chunks));
  };
}
