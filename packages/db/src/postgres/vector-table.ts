import { StudioError } from '@embedding-studio/contracts';

const collectionId = /^col_[0-9a-f]{32}$/;

/** HNSW of pgvector takes at most this many dimensions. */
export const dimsMax = 2000;

/**
 * The table of a collection's vectors, as a quoted identifier. The form of the id is what makes it safe in SQL.
 * @throws StudioError COLLECTION_NOT_FOUND for anything that is not a collection id
 */
export function vectorTable(id: string): string {
  return `"${vectorTableName(id)}"`;
}

export function vectorTableName(id: string): string {
  requireCollectionId(id);
  return `vectors_${id}`;
}

export function vectorIndexName(id: string): string {
  return `${vectorTableName(id)}_hnsw`;
}

export function requireCollectionId(id: string): void {
  if (!collectionId.test(id))
    throw new StudioError('COLLECTION_NOT_FOUND', `No collection ${JSON.stringify(id).slice(0, 80)}`, {
      field: 'collectionId',
    });
}

/** Whole numbers only: these stand in DDL, which takes no parameters. */
export function requireWholeNumber(value: number, field: string, range: { min: number; max: number }): number {
  if (!Number.isInteger(value) || value < range.min || value > range.max)
    throw new StudioError('INPUT_INVALID', `${field} must be a whole number from ${range.min} to ${range.max}`, {
      field,
    });
  return value;
}

/**
 * What the index holds: half the memory of the vectors themselves. Which neighbours are found follows from these,
 * their distances from the full values.
 */
export function halfVector(expression: string, dims: number): string {
  return `(${expression}::halfvec(${requireWholeNumber(dims, 'dims', { min: 1, max: dimsMax })}))`;
}

export function createVectorTableSql(id: string, dims: number): string {
  const table = vectorTable(id);
  // Vectors that fit a page stay in it: fetching them from overflow storage doubles the time of a search.
  const storage = dims <= 1900 ? `ALTER TABLE ${table} ALTER COLUMN embedding SET STORAGE PLAIN;` : '';
  return `CREATE TABLE ${table} (
      item_no integer NOT NULL REFERENCES items (item_no) ON DELETE CASCADE,
      ordinal integer NOT NULL,
      content_hash text NOT NULL,
      embedding vector(${requireWholeNumber(dims, 'dims', { min: 1, max: dimsMax })}) NOT NULL,
      PRIMARY KEY (item_no, ordinal)); ${storage}`;
}
