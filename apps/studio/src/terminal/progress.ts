/** What a command says while it works. One line a step, on standard error, so that standard output stays the result. */
export interface Progress {
  say(line: string): void;
  /** A line of detail: shown under the step that it belongs to. */
  detail(line: string): void;
  warn(line: string): void;
}

export function createProgress(write: (text: string) => void = (text) => process.stderr.write(text)): Progress {
  const started = performance.now();
  const stamp = () => `${((performance.now() - started) / 1000).toFixed(1).padStart(6)}s`;
  return {
    say: (line) => write(`${stamp()}  ${line}\n`),
    detail: (line) => write(`         ${line}\n`),
    warn: (line) => write(`${stamp()}  ! ${line}\n`),
  };
}

export const silentProgress: Progress = { say: () => {}, detail: () => {}, warn: () => {} };
