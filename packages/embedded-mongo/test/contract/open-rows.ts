import { type Collection, type Db, type Document, MongoServerError } from 'mongodb';

export type Row = Document;

/** The database of a run, and a collection of the test's own. */
export type OpenRows = () => { db: Db; rows: Collection<Row> };

/** Declares a test. */
export type Declare = (title: string, test: () => Promise<void>) => void;

export interface ContractPart {
  open: OpenRows;
  it: Declare;
}

export async function codeOf(work: Promise<unknown>): Promise<unknown> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof MongoServerError ? error.code : error;
}
