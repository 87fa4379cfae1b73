import type { Log, TraceIds } from '@embedding-studio/contracts';
import { type DestinationStream, type Logger, pino } from 'pino';
import { redactFields } from './redact-fields.ts';
import { redactText } from './redact-text.ts';
import { standardError } from './standard-error.ts';

export interface LogOptions {
  /** Name of the process, in every line. */
  name: string;
  level: 'debug' | 'info' | 'warn' | 'error';
  /** Trace and span that a line belongs to, asked for with every line. */
  traceIds?: () => TraceIds | undefined;
  /** Default: standard error, so that standard output stays for results. */
  target?: DestinationStream;
}

function toLog(logger: Logger): Log {
  const write = (level: LogOptions['level']) => (fields: Record<string, unknown>, message: string) => {
    if (logger.isLevelEnabled(level)) logger[level](redactFields(fields), redactText(message));
  };
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: (fields) => toLog(logger.child(redactFields(fields))),
  };
}

/** JSON lines with ISO times; secrets are hidden before anything is written. Written at once: a crash loses no line. */
export function createLog(given: LogOptions): Log {
  const { name, level, traceIds, target = standardError() } = given;
  const options = {
    base: { name },
    level,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    ...(traceIds && { mixin: () => ({ ...traceIds() }) }),
  };
  return toLog(pino(options, target));
}
