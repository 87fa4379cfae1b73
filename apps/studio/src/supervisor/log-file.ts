import { closeSync, existsSync, fstatSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';

export interface LogFile {
  path: string;
  write(text: string | Uint8Array): void;
  /** The last lines, for an error message. */
  tail(lines: number): string[];
  close(): void;
}

/** Appends to a file; past the cap the file becomes `<path>.1` and a new one begins, so two caps are the most it takes. */
export function openLogFile(path: string, capBytes = 8 * 1024 * 1024): LogFile {
  let file = openSync(path, 'a', 0o600);
  let size = fstatSync(file).size;
  const rotate = () => {
    closeSync(file);
    renameSync(path, `${path}.1`);
    file = openSync(path, 'a', 0o600);
    size = 0;
  };
  return {
    path,
    write: (text) => {
      if (size > capBytes) rotate();
      // A full disk must not take the services down with it: the line is lost instead.
      try {
        size += typeof text === 'string' ? writeSync(file, text) : writeSync(file, text);
      } catch {}
    },
    tail: (lines) => (existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n').slice(-lines) : []),
    close: () => closeSync(file),
  };
}
