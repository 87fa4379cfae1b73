import type { BsonDocument } from '../bson-document.ts';
import type { CursorTable } from '../cursor-table.ts';
import type { DocumentStore } from '../document-store.ts';
import { StoreError } from '../store-error.ts';

export interface CommandContext {
  store: DocumentStore;
  cursors: CursorTable;
  database: string;
}

/** Runs to its end without yielding: that is what makes every command atomic. */
export type Command = (request: BsonDocument, context: CommandContext) => BsonDocument;

export function namespaceOf(request: BsonDocument, command: string, context: CommandContext): string {
  const name = request[command];
  if (typeof name === 'string' && name !== '' && !name.includes('\u0000')) return `${context.database}.${name}`;
  throw new StoreError('InvalidNamespace', `${command}: the collection name must be a string that is not empty`);
}

/** A list field of a request, or an error that names it. */
export function listOf(request: BsonDocument, field: string): BsonDocument[] {
  const list = request[field];
  if (Array.isArray(list)) return list;
  throw new StoreError('TypeMismatch', `The field '${field}' must be an array`);
}

export function countOf(request: BsonDocument, field: string): number | undefined {
  const count = request[field];
  if (count === undefined || count === null) return undefined;
  if (typeof count === 'number' && count >= 0) return count;
  throw new StoreError('BadValue', `The field '${field}' must be a number that is not negative`);
}
