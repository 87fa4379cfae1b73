import type { TrainingRow } from '@embedding-studio/contracts';
import { type RowLines, readRow } from './training-rows-artefact.ts';

const gradeMax = 3;
const linesPerChunk = 5_000;

/**
 * TREC judgements, `query 0 item grade`: 0 for what was passed over or refused whenever it was judged, 3 for what was
 * clicked every time, by share in between (1 at least). What nobody is known to have looked at is not judged,
 * nor are mined negatives.
 */
export async function* writeQrels(parts: AsyncIterable<RowLines>): AsyncGenerator<Uint8Array> {
  const byQuery = new Map<string, Map<string, { clicked: number; judged: number }>>();
  for await (const { queryId, itemId, label } of readRows(parts)) {
    if (label === 'unobserved' || label === 'mined') continue;
    const items = byQuery.get(queryId) ?? new Map<string, { clicked: number; judged: number }>();
    byQuery.set(queryId, items);
    const counts = items.get(itemId) ?? { clicked: 0, judged: 0 };
    counts.judged++;
    if (label === 'clicked') counts.clicked++;
    items.set(itemId, counts);
  }
  yield* inChunks(qrelLines(byQuery));
}

/** `query id <tab> query`, each query once, in its first spelling. */
export async function* writeTopics(parts: AsyncIterable<RowLines>): AsyncGenerator<Uint8Array> {
  const queries = new Map<string, string>();
  for await (const { queryId, query } of readRows(parts)) if (!queries.has(queryId)) queries.set(queryId, query);
  yield* inChunks([...queries].map(([queryId, query]) => `${queryId}\t${query.replace(/\s+/g, ' ').trim()}\n`));
}

async function* readRows(parts: AsyncIterable<RowLines>): AsyncGenerator<TrainingRow> {
  for await (const { lines } of parts) for (const line of lines) yield readRow(line);
}

function* qrelLines(byQuery: Map<string, Map<string, { clicked: number; judged: number }>>): Generator<string> {
  for (const [queryId, items] of byQuery)
    for (const [itemId, { clicked, judged }] of items) {
      const grade = clicked === 0 ? 0 : Math.max(1, Math.round((gradeMax * clicked) / judged));
      // The columns are told apart by white space, which an id may hold.
      yield `${queryId} 0 ${itemId.replace(/\s/g, '_')} ${grade}\n`;
    }
}

function* inChunks(lines: Iterable<string>): Generator<Uint8Array> {
  let chunk: string[] = [];
  for (const line of lines) {
    chunk.push(line);
    if (chunk.length < linesPerChunk) continue;
    yield Buffer.from(chunk.join(''));
    chunk = [];
  }
  if (chunk.length > 0) yield Buffer.from(chunk.join(''));
}
