import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JudgedQuery } from '@embedding-studio/contracts';
import { judgeVariant, measureParity } from '@embedding-studio/ml/quantize';
import { createRandom, shuffle } from '@embedding-studio/ml/ranking';
import { createTrainer } from '@embedding-studio/ml/trainer';
import { createLog } from '@embedding-studio/telemetry';
import { type Dataset, listTestSplits } from '../../apps/studio/src/datasets/index.ts';
import { readSettings } from '../../apps/studio/src/environment.ts';
import { createProgress } from '../../apps/studio/src/terminal/progress.ts';
import { table } from '../../apps/studio/src/terminal/table.ts';
import { alternate } from '../alternate.ts';
import { chooseData, findModel } from '../loop/open-bench.ts';
import { describeMachine, loadNow } from '../machine.ts';

export interface Int8BenchOptions {
  data?: string;
  model: string;
  itemsMax: number;
  repeats: number;
  json?: string;
}

const threads = 2;
const queriesMax = 300;
const timedTexts = 60;
const batchTexts = 128;
const signal = new AbortController().signal;

interface Corpus {
  judged: JudgedQuery[];
  itemIds: string[];
  texts: string[];
}

/** Items that the queries want, filled up at random; each as one text. */
function chooseCorpusOf(dataset: Dataset, itemsMax: number): Corpus {
  const random = createRandom(7);
  const all = listTestSplits(dataset)[0]?.queries ?? [];
  const judged = shuffle(all, random).slice(0, queriesMax);
  const wanted = new Set(judged.flatMap((query) => Object.keys(query.relevant)));
  const others = shuffle(
    dataset.items.filter(({ id }) => !wanted.has(id)),
    random,
  );
  const items = [...dataset.items.filter(({ id }) => wanted.has(id)), ...others].slice(
    0,
    Math.max(wanted.size, itemsMax),
  );
  return {
    judged,
    itemIds: items.map(({ id }) => id),
    texts: items.map((item) => [item.title, item.text].filter(Boolean).join('. ').split(/\s+/).slice(0, 80).join(' ')),
  };
}

/** The int8 variant of a base model beside the model itself: speed of single texts and of batches, and what it loses. */
export async function runInt8Bench(options: Int8BenchOptions): Promise<{ isGoalMissed: boolean }> {
  const progress = createProgress();
  const start = loadNow();
  const settings = readSettings();
  const files = await findModel(options.model, settings);
  const dataset = await chooseData({ data: options.data, progress }, settings);
  const corpus = chooseCorpusOf(dataset, options.itemsMax);
  const scratch = await mkdtemp(join(tmpdir(), 'int8-bench-'));
  const trainer = createTrainer({
    executionProviders: ['cpu'],
    threads,
    log: createLog({ name: 'bench', level: 'error' }),
  });
  try {
    progress.say(`making the variant of ${files.manifest.name}`);
    await trainer.quantizeModel({ modelFolder: files.folder, outputFolder: scratch, signal });
    const encode = (modelFolder: string, texts: string[], kind: 'query' | 'item') =>
      trainer.encode({ modelFolder, texts, kind, signal });
    progress.say(`encoding ${corpus.texts.length} items and ${corpus.judged.length} queries by both`);
    const side = async (folder: string) => ({
      queries: await encode(
        folder,
        corpus.judged.map(({ text }) => text),
        'query',
      ),
      items: { itemIds: corpus.itemIds, vectors: await encode(folder, corpus.texts, 'item') },
    });
    const parity = await measureParity({
      judged: corpus.judged,
      float: await side(files.folder),
      int8: await side(scratch),
    });
    progress.say('timing');
    const texts = [...corpus.judged.slice(0, timedTexts).map(({ text }) => text), ...corpus.texts.slice(0, timedTexts)];
    const [float = [], int8 = []] = await trainer.timeQueries({ modelFolders: [files.folder, scratch], texts, signal });
    const ratios = float.map((ms, at) => ms / (int8[at] ?? Number.NaN));
    const batch = corpus.texts.slice(0, batchTexts);
    const bulk = await alternate({
      ours: { name: 'int8', run: () => encode(scratch, batch, 'item') },
      bare: { name: 'float', run: () => encode(files.folder, batch, 'item') },
      repeats: options.repeats,
    });
    const report = {
      ...{
        machine: describeMachine(),
        load: { start, end: loadNow() },
        model: files.manifest.name,
        data: dataset.name,
      },
      ...{ items: corpus.texts.length, queries: parity.queries, ndcg10: parity.ndcg10 },
      single: {
        queries: median(ratios.slice(0, timedTexts)),
        items: median(ratios.slice(timedTexts)),
        all: median(ratios),
      },
      batches: 1 / bulk.timesBare.median,
      verdict: judgeVariant(parity, median(ratios)),
    };
    process.stdout.write(`${render(report)}\n`);
    if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
    return { isGoalMissed: !report.verdict.kept };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

type Report = Pick<Awaited<ReturnType<typeof measureParity>>, 'ndcg10' | 'queries'> & {
  model: string;
  data: string;
  items: number;
  single: { queries: number; items: number; all: number };
  batches: number;
  verdict: ReturnType<typeof judgeVariant>;
};

function render({ model, data, items, queries, ndcg10, single, batches, verdict }: Report): string {
  const times = (ratio: number) => `${ratio.toFixed(2)}×`;
  const percent = (share: number | null) => `${(100 * (share ?? 0)).toFixed(2)} %`;
  return [
    `int8 variant of ${model} on ${data}: ${items} items, ${queries} queries`,
    ...table(
      ['measured', 'int8 to float'],
      [
        ['one query, speed', times(single.queries)],
        ['one item text, speed', times(single.items)],
        ['batches of items, opening the model included, speed', times(batches)],
        [`nDCG@10 of the vectors (float ${ndcg10.toFixed(3)})`, percent(verdict.deltaNdcg10)],
        ['the same, queries alone in int8', percent(verdict.deltaNdcg10Mixed)],
      ],
    ),
    `${verdict.kept ? 'kept' : 'not kept'}: ${verdict.why}`,
  ].join('\n');
}
