import type { QueryBucket } from '@embedding-studio/contracts';
import { packJson, unpackJson } from '../document-values.ts';
import type { QueryBucketDocument } from './analytics-documents.ts';

type Queries = QueryBucket['queries'];
type Column = `c${number}`;

export function packQueries(queries: Queries): Omit<QueryBucketDocument, '_id' | 'size' | 'from'> {
  const columns = queries.reduce((most, { sums }) => Math.max(most, sums.length), 0);
  const packed: Record<Column, string> = {};
  for (let place = 0; place < columns; place++) {
    const values = queries.map(({ sums }) => sums[place] ?? 0);
    if (values.some((value) => value !== 0)) packed[`c${place}`] = packJson(values, 'queries');
  }
  const names = queries.map(({ query }) => query);
  return { namesJson: packJson(names, 'queries'), columns, ...packed };
}

/** `rows`: of the same bucket, read for other places before. Buckets of before version 5 have no names, and are made anew. */
export function fillQueries(
  bucket: QueryBucketDocument,
  { rows = emptyRows(bucket), places }: { rows?: Queries; places?: readonly number[] },
): Queries {
  for (const place of places ?? rows[0]?.sums.keys() ?? []) {
    const json = bucket[`c${place}`];
    if (json === undefined) continue;
    for (const [at, value] of unpackJson<number[]>(json).entries()) {
      const row = rows[at];
      if (row !== undefined) row.sums[place] = value;
    }
  }
  return rows;
}

function emptyRows({ columns = 0, namesJson = '[]' }: Partial<QueryBucketDocument>): Queries {
  const names = unpackJson<string[]>(namesJson);
  return names.map((query) => ({ query, sums: new Array<number>(columns).fill(0) }));
}
