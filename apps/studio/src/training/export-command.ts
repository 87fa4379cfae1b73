import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { StudioError } from '@embedding-studio/contracts';
import {
  exportTrainingRows,
  type TrainingExport,
  type TrainingExportFormat,
  trainingExportFormats,
} from '@embedding-studio/core';
import { type Command, Option } from 'commander';
import { projectOption } from '../access/open-running.ts';
import { type Place, withRunning } from '../access/with-running.ts';
import { createProgress, type Progress } from '../terminal/progress.ts';

interface ExportOptions extends Place {
  job?: string;
  model?: string;
  format: TrainingExportFormat;
  out?: string;
}

const sayMs = 2_000;
const mib = 1_048_576;

async function exportSet({ job, model, format, out, ...place }: ExportOptions): Promise<void> {
  if ((job === undefined) === (model === undefined))
    throw new StudioError('INPUT_INVALID', 'Say either --job or --model.', { field: 'job' });
  const progress = createProgress();
  await withRunning(place, async ({ ctx }) => {
    const file = await exportTrainingRows({ ctx, input: { jobId: job, modelId: model, format } });
    if (out === '-') {
      await pipeline(file.bytes, process.stdout, { end: false }).catch(forgiveClosed);
      return '';
    }
    const path = resolve(out ?? file.fileName);
    progress.say(`${file.rows.toLocaleString('en-US')} rows, SHA-256 ${file.hash}`);
    const bytes = await writeWhole(path, file, progress);
    progress.say(`${format} written, ${(bytes / mib).toFixed(1)} MiB`);
    return path;
  });
}

/** Whoever reads may have had enough, as `head` does. */
function forgiveClosed(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'EPIPE')) throw error;
}

/** Under another name until it is whole. */
async function writeWhole(path: string, { bytes }: TrainingExport, progress: Progress): Promise<number> {
  const partial = `${path}.part`;
  let written = 0;
  let said = performance.now();
  async function* counted() {
    for await (const part of bytes) {
      written += part.length;
      if (performance.now() - said > sayMs) {
        said = performance.now();
        progress.detail(`${(written / mib).toFixed(1)} MiB so far`);
      }
      yield part;
    }
  }
  try {
    await pipeline(counted(), createWriteStream(partial));
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
  return written;
}

export function registerExportCommand(program: Command): void {
  const command = program.command('export').description('Take out what a model was made of.');
  command
    .command('training-set')
    .description('The labelled rows that a training was given, with weights and reasons. Prints the path of the file.')
    .option('--job <id>', 'a fine-tuning: its rollout or its task')
    .option('--model <id>', 'the model that it made')
    .addOption(
      new Option('--format <name>', 'qrels are TREC judgements by query id; topics the queries of those ids')
        .choices([...trainingExportFormats])
        .default('jsonl'),
    )
    .option('--out <file>', 'where to; - is standard output; a name by the hash of the rows if left out')
    .option(...projectOption)
    .action(exportSet);
}
