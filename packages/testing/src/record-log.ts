import type { Log } from '@embedding-studio/contracts';

export interface RecordedLine {
  level: 'debug' | 'info' | 'warn' | 'error';
  fields: Record<string, unknown>;
  message: string;
}

/** Keeps what is logged instead of printing it. */
export function recordLog(): { log: Log; lines: RecordedLine[] } {
  const lines: RecordedLine[] = [];
  const write = (level: RecordedLine['level']) => (fields: Record<string, unknown>, message: string) => {
    lines.push({ level, fields, message });
  };
  const log: Log = {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: () => log,
  };
  return { log, lines };
}
