import { StudioError } from '@embedding-studio/contracts';

const shown = 5;

/** What is wrong with a file, by line and column, so that all of it can be mended in one go. */
export interface Faults {
  add(at: { line: number; column?: string }, what: string): void;
  /** Refuses the file if anything was added. */
  settle(): void;
}

export function collectFaults(): Faults {
  const found: string[] = [];
  let count = 0;
  return {
    add({ line, column }, what) {
      count += 1;
      if (found.length < shown) found.push(`line ${line}${column === undefined ? '' : `, column ${column}`}: ${what}`);
    },
    settle() {
      if (count === 0) return;
      const rest = count > shown ? `; and ${count - shown} more` : '';
      throw new StudioError('INPUT_INVALID', `Nothing was imported. ${found.join('; ')}${rest}.`, { field: 'text' });
    },
  };
}
