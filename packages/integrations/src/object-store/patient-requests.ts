import { setTimeout as sleep } from 'node:timers/promises';
import { isStudioError, StudioError } from '@embedding-studio/contracts';

/** How patient a client of an object store is. */
export interface Patience {
  /** For messages: the store's address. */
  endpoint: string;
  /** Longest silence of the store, milliseconds: until it answers, and between two pieces of a body. */
  timeoutMs: number;
  /** More tries after one that the network or the store failed. */
  retriesMax: number;
}

/** An answer whose body has been read. */
export interface ObjectAnswer {
  status: number;
  headers: Headers;
  body: Uint8Array;
}

/** Gets the pieces of an answer's body; a try that fails half-way is begun anew, `restart` first. */
export interface ObjectSink {
  restart(): Promise<void>;
  write(piece: Uint8Array): Promise<void>;
}

const firstPauseMs = 100;
const longestPauseMs = 5_000;

/** A failure after which the same request may succeed. */
export class PassingFailure extends StudioError {
  constructor(message: string, cause?: unknown) {
    super('STORE_UNAVAILABLE', message, { cause });
  }
}

/** As `receive`, with the body in memory. */
export async function receiveWhole(patience: Patience, make: () => Promise<Request>): Promise<ObjectAnswer> {
  const pieces: Uint8Array[] = [];
  const { status, headers } = await receive(patience, make, {
    restart: async () => void pieces.splice(0),
    write: async (piece) => void pieces.push(piece),
  });
  return { status, headers, body: Buffer.concat(pieces) };
}

/**
 * Sends the request that `make` makes for each try. Silence, network failures, 408, 429 and 5xx are tried again with
 * growing pauses. The sink gets what the store answers else, whatever its status.
 * @throws StudioError STORE_UNAVAILABLE when the tries are used up
 */
export async function receive(
  patience: Patience,
  make: () => Promise<Request>,
  sink: ObjectSink,
): Promise<{ status: number; headers: Headers }> {
  for (let attempt = 0; ; attempt++) {
    try {
      await sink.restart();
      return await tryOnce(patience, await make(), sink);
    } catch (error) {
      if (!(error instanceof PassingFailure) || attempt >= patience.retriesMax) throw error;
      // Half of the pause is by chance, so that those who failed together do not come back together.
      await sleep(Math.min(longestPauseMs, firstPauseMs * 2 ** attempt) * (0.5 + Math.random() / 2));
    }
  }
}

async function tryOnce({ endpoint, timeoutMs }: Patience, request: Request, sink: ObjectSink) {
  const silence = watchSilence(timeoutMs);
  try {
    const answer = await fetch(request, { signal: silence.signal, redirect: 'manual' });
    if (answer.status >= 500 || answer.status === 429 || answer.status === 408)
      throw new PassingFailure(`The object store answered ${answer.status}: ${await readStart(answer)}`);
    for await (const piece of answer.body ?? []) {
      silence.heard();
      await sink.write(piece);
    }
    return { status: answer.status, headers: answer.headers };
  } catch (error) {
    if (isStudioError(error)) throw error;
    if (isLocal(error)) throw error;
    const why = silence.signal.aborted ? `was silent for ${timeoutMs} ms` : 'cannot be reached';
    throw new PassingFailure(`The object store at ${endpoint} ${why}.`, error);
  } finally {
    silence.end();
  }
}

/** A file that cannot be written is no failure of the store. */
function isLocal(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}

function watchSilence(timeoutMs: number): { signal: AbortSignal; heard(): void; end(): void } {
  const control = new AbortController();
  const timer = setTimeout(() => control.abort(), timeoutMs);
  return { signal: control.signal, heard: () => void timer.refresh(), end: () => clearTimeout(timer) };
}

async function readStart(answer: Response): Promise<string> {
  return (await answer.text().catch(() => '')).slice(0, 300);
}
