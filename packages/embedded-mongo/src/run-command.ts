import type { BsonDocument } from './bson-document.ts';
import { catalogCommands } from './commands/catalog-commands.ts';
import type { Command, CommandContext } from './commands/command.ts';
import { readCommands } from './commands/read-commands.ts';
import { sessionCommands } from './commands/session-commands.ts';
import { writeCommands } from './commands/write-commands.ts';
import { StoreError } from './store-error.ts';

const commands = new Map<string, Command>(
  Object.entries({ ...readCommands, ...writeCommands, ...catalogCommands, ...sessionCommands }),
);

export function errorReply(error: StoreError): BsonDocument {
  return { ok: 0, errmsg: error.message, code: error.code, codeName: error.codeName, ...error.details };
}

function assertSupported(request: BsonDocument): void {
  if (request.startTransaction !== undefined || request.autocommit !== undefined || request.txnNumber !== undefined) {
    const message = 'Transaction numbers are only allowed on a replica set member or mongos';
    throw new StoreError('IllegalOperation', message);
  }
  if (request.collation) throw new StoreError('NotImplemented', 'Collations are not supported');
}

/** Runs one command at once; throws a StoreError or what the query engine throws. */
export function runCommand(request: BsonDocument, context: CommandContext): BsonDocument {
  const name = Object.keys(request)[0] ?? '';
  const command = commands.get(name);
  if (!command) throw new StoreError('CommandNotFound', `no such command: '${name}'`);
  assertSupported(request);
  const { failure } = context.store.journal;
  if (failure) throw failure;
  return command(request, context);
}
