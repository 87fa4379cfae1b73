const CODES = {
  InternalError: 1,
  BadValue: 2,
  FailedToParse: 9,
  TypeMismatch: 14,
  ProtocolError: 17,
  IllegalOperation: 20,
  NamespaceNotFound: 26,
  IndexNotFound: 27,
  PathNotViable: 28,
  ConflictingUpdateOperators: 40,
  CursorNotFound: 43,
  NamespaceExists: 48,
  CommandNotFound: 59,
  ImmutableField: 66,
  CannotCreateIndex: 67,
  InvalidOptions: 72,
  InvalidNamespace: 73,
  IndexOptionsConflict: 85,
  IndexKeySpecsConflict: 86,
  OperationFailed: 96,
  DBPathInUse: 98,
  NotImplemented: 238,
  UnsupportedOpQueryCommand: 352,
  BSONObjectTooLarge: 10334,
  DuplicateKey: 11000,
  UnrecognizedStage: 40324,
  ChangeStreamNotSupported: 40573,
} as const;

export type StoreErrorName = keyof typeof CODES;

/** An error as a MongoDB server reports it; `details` are extra fields of the reply, such as `keyPattern`. */
export class StoreError extends Error {
  readonly code: number;

  constructor(
    readonly codeName: StoreErrorName,
    message: string,
    readonly details: Record<string, unknown> = {},
  ) {
    super(message);
    this.name = 'StoreError';
    this.code = CODES[codeName];
  }
}

const ENGINE_MESSAGES: [RegExp, StoreErrorName][] = [
  [/^unregistered pipeline operator/, 'UnrecognizedStage'],
  [/^Unknown update operator/, 'FailedToParse'],
  [/would create a conflict at/, 'ConflictingUpdateOperators'],
];

/** The query engine throws plain errors for bad input; a TypeError or RangeError is a fault of ours. */
export function toStoreError(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const known = ENGINE_MESSAGES.find(([pattern]) => pattern.test(message));
  if (known) return new StoreError(known[1], message);
  const ours = error instanceof TypeError || error instanceof RangeError;
  return new StoreError(ours ? 'InternalError' : 'BadValue', message);
}
