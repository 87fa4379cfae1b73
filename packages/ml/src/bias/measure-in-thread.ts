import { once } from 'node:events';
import { type PropensityCurve, type SessionWithEvents, StudioError } from '@embedding-studio/contracts';
import { startThread } from '../thread/index.ts';
import type { CurveOptions } from './fit-curve.ts';

/**
 * The curve of these sessions, measured in a thread of its own, so that the caller's event loop stays free.
 * @throws what the signal was aborted with; StudioError INTERNAL when the thread failed.
 */
export async function measureInThread(
  sessions: readonly SessionWithEvents[],
  options: Omit<CurveOptions, 'scoreOf'>,
  signal?: AbortSignal,
): Promise<PropensityCurve> {
  signal?.throwIfAborted();
  const worker = startThread(new URL('./measure-worker.ts', import.meta.url), { sessions, options });
  const ended = new AbortController();
  const either = signal === undefined ? ended.signal : AbortSignal.any([signal, ended.signal]);
  worker.once('exit', () => ended.abort());
  try {
    const [curve] = await once(worker, 'message', { signal: either });
    return curve as PropensityCurve;
  } catch (cause) {
    signal?.throwIfAborted();
    throw new StudioError('INTERNAL', `The thread that measures position bias failed: ${String(cause)}`, { cause });
  } finally {
    await worker.terminate();
  }
}
