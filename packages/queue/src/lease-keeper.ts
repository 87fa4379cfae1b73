import { isStudioError, StudioError, type TaskClaim, type TaskStore } from '@embedding-studio/contracts';

export type AbortCause = 'canceled' | 'leaseLost' | 'shutdown';

export interface LeaseKeeper {
  signal: AbortSignal;
  /** Why the attempt ended early; null while it runs. */
  cause(): AbortCause | null;
  abort(cause: AbortCause): void;
  stop(): void;
}

const messages: Record<AbortCause, string> = {
  canceled: 'The task was canceled.',
  leaseLost: 'Another worker took the task over.',
  shutdown: 'The worker shuts down.',
};

/** A cancellation is heard with a renewal: nobody who presses Stop should wait longer for it. */
const renewalSecondsMax = 5;

/** Renews a lease at a third of its length, or more often. A store that is away is tried again until the lease has run out. */
export function keepLease(options: { tasks: TaskStore; claim: TaskClaim; leaseSeconds: number }): LeaseKeeper {
  const { tasks, claim, leaseSeconds } = options;
  const controller = new AbortController();
  let cause: AbortCause | null = null;
  let heldUntil = performance.now() + leaseSeconds * 1_000;
  const abort = (why: AbortCause): void => {
    if (cause !== null) return;
    cause = why;
    controller.abort(new StudioError(why === 'leaseLost' ? 'LEASE_LOST' : 'ABORTED', messages[why]));
  };
  const renew = async (): Promise<void> => {
    const asked = performance.now();
    try {
      const { cancelRequested } = await tasks.renewLease(claim, leaseSeconds);
      heldUntil = asked + leaseSeconds * 1_000;
      if (cancelRequested) abort('canceled');
    } catch (error) {
      const isLost = isStudioError(error) && error.code === 'LEASE_LOST';
      if (isLost || performance.now() > heldUntil) abort('leaseLost');
    }
  };
  const renewalSeconds = Math.min(leaseSeconds / 3, renewalSecondsMax);
  const timer = setInterval(() => void renew(), renewalSeconds * 1_000);
  return { signal: controller.signal, cause: () => cause, abort, stop: () => clearInterval(timer) };
}
