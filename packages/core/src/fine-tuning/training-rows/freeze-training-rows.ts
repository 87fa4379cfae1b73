import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { ExampleOptions, SessionWithEvents, TrainingSet, TrainingSetSummary } from '@embedding-studio/contracts';
import { labelSessions } from '@embedding-studio/ml/clicks';
import { sha256 } from '../../content-hash.ts';
import { createRowCounts } from './count-rows.ts';
import { createRowMarker } from './mark-row.ts';
import { listMinedRows } from './mined-rows.ts';

export interface FrozenTrainingRows {
  /** JSON lines in gzip members, one after another: any gunzip reads them as one file. */
  file: Buffer;
  summary: TrainingSetSummary;
}

const compress = promisify(gzip);
/** Characters of one gzip member: small enough to be read alone, large enough to compress well. */
const partChars = 256 * 1_024;

/**
 * Every row behind a training as it was at that moment: labels as the clicks make them, and of each whether and with what
 * weight the trainer was given it. The same sessions, settings and items make the same bytes.
 */
export async function freezeTrainingRows(given: {
  sessions: readonly SessionWithEvents[];
  options?: ExampleOptions;
  trainingSet: TrainingSet;
  dropped: Record<string, number>;
}): Promise<FrozenTrainingRows> {
  const { sessions, options, trainingSet, dropped } = given;
  const mark = createRowMarker(trainingSet.queries);
  const counts = createRowCounts();
  const hash = createHash('sha256');
  const parts: { bytes: Buffer; rows: number }[] = [];
  let [lines, chars] = [[] as string[], 0];
  const close = async (): Promise<void> => {
    const text = lines.join('');
    hash.update(text);
    parts.push({ bytes: await compress(text), rows: lines.length });
    [lines, chars] = [[], 0];
  };
  const mined = listMinedRows(trainingSet.queries);
  for (const impressions of labelSessions(sessions, options).rows) {
    const negatives = mined.get(impressions[0]?.sessionId ?? '') ?? [];
    for (const impression of [...impressions, ...negatives]) {
      const row = mark(impression);
      counts.add(row);
      const line = `${JSON.stringify(row)}\n`;
      lines.push(line);
      chars += line.length;
    }
    if (chars >= partChars) await close();
  }
  if (lines.length > 0) await close();
  const texts = Object.entries(trainingSet.itemTexts).sort(([left], [right]) => (left < right ? -1 : 1));
  const summary: TrainingSetSummary = {
    ...{ formatVersion: 1, hash: hash.digest('hex'), textsHash: sha256(JSON.stringify(texts)) },
    ...counts.sum(),
    dropped: Object.fromEntries(Object.entries(dropped).filter(([, count]) => count > 0)),
    parts: place(parts),
  };
  return { file: Buffer.concat(parts.map(({ bytes }) => bytes)), summary };
}

function place(parts: readonly { bytes: Buffer; rows: number }[]): TrainingSetSummary['parts'] {
  let offset = 0;
  return parts.map(({ bytes, rows }) => {
    const part = { offset, bytes: bytes.length, rows };
    offset += bytes.length;
    return part;
  });
}
