import { writeSync } from 'node:fs';
import type { DestinationStream } from 'pino';

const triesMax = 50;
const restMs = 20;
const bell = new Int32Array(new SharedArrayBuffer(4));

/** Lines go to standard error at once. One that a full disk does not take is lost: a log must not end its process. */
export function standardError(): DestinationStream {
  let isTorn = false;
  return {
    write(line) {
      const bytes = Buffer.from(isTorn ? `\n${line}` : line);
      const written = writeWhat(bytes);
      if (written > 0) isTorn = written < bytes.length;
    },
  };
}

/** Bytes that were taken: all of them, unless there is no room or no reader. */
function writeWhat(bytes: Uint8Array): number {
  let done = 0;
  for (let tried = 0; done < bytes.length && tried < triesMax; ) {
    try {
      done += writeSync(2, bytes, done);
    } catch (error) {
      if (!isBusy(error)) return done;
      tried++;
      Atomics.wait(bell, 0, 0, restMs);
    }
  }
  return done;
}

/** A pipe whose reader is behind. */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EAGAIN';
}
