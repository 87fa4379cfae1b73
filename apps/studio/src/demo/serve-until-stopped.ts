import { awaitStopSignal } from '../commands/up.ts';
import type { Progress } from '../terminal/progress.ts';

/** Keeps what runs at hand for somebody to look at. */
export async function serveUntilStopped(progress: Progress): Promise<void> {
  progress.say('serving until Ctrl-C');
  await awaitStopSignal();
}
