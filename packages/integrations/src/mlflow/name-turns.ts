import { StudioError } from '@embedding-studio/contracts';
import { MlflowRefusal } from './mlflow-client.ts';

export type Turns = <T>(key: string, act: () => Promise<T>) => Promise<T>;

/** The server knows no unique names: calls of this process for the same one take turns. */
export function createTurns(): Turns {
  const last = new Map<string, Promise<unknown>>();
  return (key, act) => {
    const mine = (last.get(key) ?? Promise.resolve()).then(act, act);
    const settled = mine.catch(() => undefined).finally(() => last.get(key) === settled && last.delete(key));
    last.set(key, settled);
    return mine;
  };
}

/** What the server does not know is the caller's mistake. */
export async function known<T>(field: 'runId' | 'experimentId', id: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof MlflowRefusal && error.isUnknown)) throw error;
    throw new StudioError('INPUT_INVALID', `No ${field === 'runId' ? 'run' : 'experiment'} ${id}`, { field });
  }
}
