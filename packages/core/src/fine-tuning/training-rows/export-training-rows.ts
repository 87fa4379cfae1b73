import { StudioError, type TrainingSetSummary } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../../authorise.ts';
import type { Ctx } from '../../context.ts';
import { parseInput } from '../../parse-input.ts';
import { recordAudit } from '../../record-audit.ts';
import { findTrainingRunId, TrainingSource } from './find-training-run-id.ts';
import { findTrainingSummary, type RowLines, walkRowLines } from './training-rows-artefact.ts';
import { writeParquet } from './write-parquet.ts';
import { writeQrels, writeTopics } from './write-qrels.ts';

/** `qrels` and `topics` belong together: TREC judgements by query id, and the queries by their id. */
export const trainingExportFormats = ['jsonl', 'parquet', 'qrels', 'topics'] as const;
export type TrainingExportFormat = (typeof trainingExportFormats)[number];

export const ExportTrainingRowsInput = TrainingSource.extend({
  format: z.enum(trainingExportFormats).default('jsonl'),
});
export type ExportTrainingRowsInput = z.input<typeof ExportTrainingRowsInput>;

export interface TrainingExport {
  fileName: string;
  mediaType: string;
  rows: number;
  hash: string;
  /** To be read once. At most one part of the rows is held at a time; `qrels` holds its counts. */
  bytes: AsyncIterable<Uint8Array>;
}

interface Format {
  extension: string;
  mediaType: string;
  write(rows: AsyncIterable<RowLines>, summary: TrainingSetSummary): AsyncIterable<Uint8Array>;
}

const formats: Record<TrainingExportFormat, Format> = {
  jsonl: { extension: 'jsonl', mediaType: 'application/x-ndjson', write: writeLines },
  parquet: { extension: 'parquet', mediaType: 'application/vnd.apache.parquet', write: writeParquet },
  qrels: { extension: 'qrels', mediaType: 'text/plain; charset=utf-8', write: writeQrels },
  topics: { extension: 'topics.tsv', mediaType: 'text/tab-separated-values; charset=utf-8', write: writeTopics },
};

/** The whole frozen set as a file. @throws StudioError INPUT_INVALID where nothing was frozen. */
export async function exportTrainingRows({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: ExportTrainingRowsInput;
}): Promise<TrainingExport> {
  authorise(ctx, 'rollout.read');
  authorise(ctx, 'session.read');
  const { format, ...source } = parseInput(ExportTrainingRowsInput, input);
  const runId = await findTrainingRunId(ctx, source);
  const summary = await findTrainingSummary(ctx, runId);
  const subject = source.jobId ?? source.modelId ?? '';
  if (runId === null || summary === null)
    throw new StudioError('INPUT_INVALID', `There are no training rows of ${subject}: none were frozen with it.`, {
      field: source.jobId === undefined ? 'modelId' : 'jobId',
    });
  await recordAudit(ctx, { action: 'training-set.export', subject, detail: { format, rows: summary.rows } });
  const { extension, mediaType, write } = formats[format];
  return {
    ...{ fileName: `training-set-${summary.hash.slice(0, 12)}.${extension}`, mediaType },
    ...{ rows: summary.rows, hash: summary.hash },
    bytes: write(walkRowLines(ctx, { runId, summary }), summary),
  };
}

async function* writeLines(parts: AsyncIterable<RowLines>): AsyncGenerator<Uint8Array> {
  for await (const { lines } of parts) yield Buffer.from(`${lines.join('\n')}\n`);
}
