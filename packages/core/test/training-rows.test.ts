import { gunzipSync } from 'node:zlib';
import { type SessionWithEvents, TrainingRow, type TrainingSet } from '@embedding-studio/contracts';
import { normaliseQuery, sessionsToTrainingQueries } from '@embedding-studio/ml/clicks';
import { createRandom } from '@embedding-studio/ml/ranking';
import { type FileMetaData, parquetMetadata, parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { type FrozenTrainingRows, freezeTrainingRows } from '../src/fine-tuning/training-rows/freeze-training-rows.ts';
import { createRowMatcher } from '../src/fine-tuning/training-rows/match-row.ts';
import { sayWhy } from '../src/fine-tuning/training-rows/say-why.ts';
import type { RowLines } from '../src/fine-tuning/training-rows/training-rows-artefact.ts';
import { writeParquet } from '../src/fine-tuning/training-rows/write-parquet.ts';
import { writeQrels, writeTopics } from '../src/fine-tuning/training-rows/write-qrels.ts';

const options = { propensities: [1, 0.8, 0.5], shrinkClicks: 2 };

function drawSessions(seed: number, count: number): SessionWithEvents[] {
  const random = createRandom(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  return Array.from({ length: count }, (_, index): SessionWithEvents => {
    const sessionId = `s${index}`;
    const createdAt = new Date(Date.UTC(2026, 0, 5) + index * 20_000);
    const shown = Array.from({ length: 8 }, (_none, at) => ({ itemId: `i${(index + at * 3) % 40}` }));
    const chosen = shown.filter(() => random() < 0.25);
    return {
      ...{ sessionId, query: pick(['red shoes', 'Red  shoes!', 'boots, “brown”', 'zażółć']), shown, createdAt },
      ...{ isIrrelevant: random() < 0.1, batchId: 'bat_1', sessionNumber: index + 1, userId: pick(['ann', 'bob']) },
      events: chosen.map(({ itemId }, at) => ({
        ...{ sessionId, eventId: `${sessionId}-${at}`, itemId, createdAt, receivedAt: createdAt },
        type: pick(['click', 'purchase', 'seen', 'dislike']),
        dwellSeconds: pick([undefined, 2, 60.5]),
      })),
    };
  });
}

/** Items whose number ends in 7 are gone. */
function trainingSetOf(sessions: readonly SessionWithEvents[]): TrainingSet {
  const isThere = (itemId: string) => !itemId.endsWith('7');
  const queries = sessionsToTrainingQueries(sessions, options).queries.map((query) => ({
    ...query,
    clicked: query.clicked.filter(({ itemId }) => isThere(itemId)),
    skipped: query.skipped.filter(isThere),
  }));
  return { queries: queries.filter(({ clicked }) => clicked.length > 0), itemTexts: { i1: 'one', i2: 'two' } };
}

const freeze = (sessions: readonly SessionWithEvents[]) =>
  freezeTrainingRows({
    sessions,
    options,
    trainingSet: trainingSetOf(sessions),
    dropped: { no_clicks: 3, duplicate: 0 },
  });

const linesOf = ({ file }: FrozenTrainingRows) => gunzipSync(file).toString('utf8').trimEnd().split('\n');
const rowsOf = (frozen: FrozenTrainingRows) => linesOf(frozen).map((line) => TrainingRow.parse(JSON.parse(line)));

async function* partsOf(frozen: FrozenTrainingRows): AsyncGenerator<RowLines> {
  const lines = linesOf(frozen);
  for (let start = 0; start < lines.length; start += 100) yield { start, lines: lines.slice(start, start + 100) };
}

async function readAll(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe('a frozen training set', () => {
  it('is the same to the byte for the same sessions and settings, and another for others', async () => {
    const [one, same, other] = await Promise.all(
      [drawSessions(1, 80), drawSessions(1, 80), drawSessions(2, 80)].map(freeze),
    );
    expect(same?.file.equals(one?.file ?? Buffer.of())).toBe(true);
    expect(same?.summary).toEqual(one?.summary);
    expect(other?.summary.hash).not.toBe(one?.summary.hash);
  });

  it('holds what the trainer was given, with its weight, and nothing else as used', async () => {
    const sessions = drawSessions(3, 120);
    const { queries } = trainingSetOf(sessions);
    const frozen = await freeze(sessions);
    const rows = rowsOf(frozen);
    const clicked = rows.filter(({ isUsed, label }) => isUsed && label === 'clicked');
    const pair = (sessionId: string, itemId: string, weight: number) => `${sessionId} ${itemId} ${weight}`;
    expect(clicked.map(({ sessionId, itemId, weight }) => pair(sessionId, itemId, weight))).toEqual(
      queries.flatMap(({ queryId, clicked: own }) => own.map(({ itemId, weight }) => pair(queryId, itemId, weight))),
    );
    const negatives = rows.filter(({ isUsed, label }) => isUsed && label !== 'clicked');
    for (const { queryId, text, skipped } of queries) {
      const own = negatives.filter(({ sessionId }) => sessionId === queryId).map(({ itemId }) => itemId);
      const marks = negatives.filter(
        (row) => row.why === 'list_marked' && normaliseQuery(row.query) === normaliseQuery(text),
      );
      expect(new Set([...own, ...marks.map(({ itemId }) => itemId)])).toEqual(new Set(skipped));
    }
    expect(rows.some(({ isUsed, itemId }) => isUsed && itemId.endsWith('7'))).toBe(false);
    expect(rows.some(({ isUsed, label }) => isUsed && label === 'unobserved')).toBe(false);
  });

  it('holds mined negatives once a query, apart from what was shown, and judges nothing by them', async () => {
    const sessions = drawSessions(9, 60);
    const plain = trainingSetOf(sessions);
    const queries = plain.queries.map((query) => ({ ...query, hardNegatives: ['m1', 'm2'] }));
    const frozen = await freezeTrainingRows({ sessions, options, trainingSet: { ...plain, queries }, dropped: {} });
    const mined = rowsOf(frozen).filter(({ label }) => label === 'mined');
    expect(mined.map(({ queryId, itemId }) => `${queryId} ${itemId}`).length).toBe(
      2 * new Set(queries.map(({ text }) => normaliseQuery(text))).size,
    );
    expect(mined.every(({ isUsed, position }) => isUsed && position === null)).toBe(true);
    expect(String(await readAll(writeQrels(partsOf(frozen))))).not.toMatch(/ m\d /);
  });

  it('counts its rows by label and reason, its sessions and what it left out', async () => {
    const frozen = await freeze(drawSessions(4, 180));
    const rows = rowsOf(frozen);
    const { summary } = frozen;
    expect(summary.rows).toBe(rows.length);
    expect(summary.parts.reduce((sum, part) => sum + part.rows, 0)).toBe(rows.length);
    expect(summary.parts.length).toBeGreaterThan(1);
    expect(summary.labels.clicked?.quick_back).toBe(rows.filter(({ why }) => why === 'quick_back').length);
    expect(summary.dropped).toEqual({ no_clicks: 3 });
    expect(new Set(rows.map(({ queryId }) => queryId)).size).toBe(3);
    const { weighed, satisfaction } = summary.effectivePairs;
    const pairs = rows.filter(({ isUsed, label }) => isUsed && label === 'clicked').length;
    expect(weighed).toBeLessThan(pairs);
    expect(satisfaction).toBeLessThan(pairs);
    expect(weighed).not.toBeCloseTo(satisfaction, 3);
  });

  it('says of every row why it is labelled so', async () => {
    const said = rowsOf(await freeze(drawSessions(5, 200))).map(sayWhy);
    expect(said.every((words) => words.length > 10 && !words.includes('undefined') && !words.includes('null'))).toBe(
      true,
    );
    expect(said).toContain('purchase, stayed 60.5 s');
  });

  it('is filtered by the start of a query, whatever its punctuation, and by item', async () => {
    const frozen = await freeze(drawSessions(6, 60));
    const match = createRowMatcher({ query: 'BOOTS brown', itemId: 'i3' });
    const found = linesOf(frozen)
      .map(match)
      .filter((row) => row !== null);
    const wanted = rowsOf(frozen).filter(({ query, itemId }) => query.startsWith('boots') && itemId === 'i3');
    expect(wanted.length).toBeGreaterThan(0);
    expect(found).toEqual(wanted);
  });
});

describe('exports', () => {
  it('to Parquet are read back row by row by another library', async () => {
    const frozen = await freeze(drawSessions(7, 160));
    const file = await readAll(writeParquet(partsOf(frozen), frozen.summary));
    const buffer = file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength) as ArrayBuffer;
    expect(await parquetReadObjects({ file: buffer })).toEqual(rowsOf(frozen));
    const metadata: FileMetaData = parquetMetadata(buffer);
    expect(JSON.parse(metadata.key_value_metadata?.[0]?.value ?? '{}')).toMatchObject({ hash: frozen.summary.hash });
  });

  it('to Parquet come in row groups, so that no more than one is held', async () => {
    const frozen = await freeze(drawSessions(7, 60));
    const [line = ''] = linesOf(frozen);
    async function* many(): AsyncGenerator<RowLines> {
      for (let start = 0; start < 45_000; start += 5_000) yield { start, lines: Array<string>(5_000).fill(line) };
    }
    const file = await readAll(writeParquet(many(), frozen.summary));
    const metadata = parquetMetadata(
      file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength) as ArrayBuffer,
    );
    expect(metadata.row_groups.map(({ num_rows }) => Number(num_rows))).toEqual([20_000, 20_000, 5_000]);
  });

  it('to qrels judge a query and an item once: clicks by share, skips by 0, and nothing that nobody looked at', async () => {
    const frozen = await freeze(drawSessions(8, 120));
    const rows = rowsOf(frozen);
    const lines = (await readAll(writeQrels(partsOf(frozen)))).toString('utf8').trimEnd().split('\n');
    const pairs = lines.map((line) => line.split(' '));
    expect(new Set(pairs.map(([query, , item]) => `${query} ${item}`)).size).toBe(lines.length);
    for (const [queryId, iteration, itemId, grade] of pairs) {
      const judged = rows.filter(
        (row) => row.queryId === queryId && row.itemId === itemId && row.label !== 'unobserved',
      );
      const clicks = judged.filter(({ label }) => label === 'clicked').length;
      const share = clicks / judged.length;
      expect([iteration, Number(grade)]).toEqual(['0', clicks === 0 ? 0 : Math.max(1, Math.round(3 * share))]);
    }
    const topics = (await readAll(writeTopics(partsOf(frozen)))).toString('utf8').trimEnd().split('\n');
    expect(new Set(topics.map((line) => line.split('\t')[0]))).toEqual(new Set(rows.map(({ queryId }) => queryId)));
  });
});
