import { isStudioError, type LoaderStep } from '@embedding-studio/contracts';

export interface ConnectionStep {
  name: 'resolve' | 'connect' | 'authenticate' | 'list' | 'read' | 'parse';
  /** Answers with what was found. */
  act(): Promise<string>;
}

/** Tries steps in order up to the first that fails. */
export async function trySteps(steps: readonly ConnectionStep[]): Promise<LoaderStep[]> {
  const tried: LoaderStep[] = [];
  for (const { name, act } of steps) {
    try {
      tried.push({ name, ok: true, message: await act() });
    } catch (error) {
      const message = isStudioError(error)
        ? error.publicMessage
        : error instanceof Error
          ? error.message
          : String(error);
      tried.push({ name, ok: false, message: message.slice(0, 500) });
      break;
    }
  }
  return tried;
}
