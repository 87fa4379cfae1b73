import type { ErrorCode } from './error-code.ts';

const marker = Symbol.for('embedding-studio.error');

export interface StudioErrorOptions {
  /** What a client may read: says what to do next. Defaults to `message`. */
  publicMessage?: string;
  /** Dotted path of the faulty input field, for 4xx answers. */
  field?: string;
  cause?: unknown;
}

/** The one error class of the product. Recognise it with `isStudioError`: two copies of this module may be loaded. */
export class StudioError extends Error {
  readonly code: ErrorCode;
  readonly publicMessage: string;
  readonly field?: string;
  readonly [marker] = true;

  constructor(code: ErrorCode, message: string, options: StudioErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'StudioError';
    this.code = code;
    this.publicMessage = options.publicMessage ?? message;
    if (options.field !== undefined) this.field = options.field;
  }
}

export function isStudioError(value: unknown): value is StudioError {
  return typeof value === 'object' && value !== null && marker in value;
}

/** Wraps whatever was thrown so that edges and job hosts always see a code. */
export function toStudioError(value: unknown): StudioError {
  if (isStudioError(value)) return value;
  const message = value instanceof Error ? value.message : String(value);
  if (value instanceof Error && value.name === 'AbortError')
    return new StudioError('ABORTED', message, { cause: value });
  return new StudioError('INTERNAL', message, {
    publicMessage: 'Something failed on our side; try again.',
    cause: value,
  });
}
