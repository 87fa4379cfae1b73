import { openRunning, type RunningStudio } from './open-running.ts';

export interface Place {
  project?: string;
}

/** Runs against what serves here and prints what comes back; an empty text prints nothing. */
export async function withRunning(place: Place, work: (running: RunningStudio) => Promise<string>): Promise<void> {
  const running = await openRunning(place);
  try {
    const text = await work(running);
    if (text !== '') process.stdout.write(`${text}\n`);
  } finally {
    await running.close();
  }
}
