import { parseArgs } from 'node:util';
import { isStudioError } from '@embedding-studio/contracts';
import { runAblationBench } from './ablation/run-ablation-bench.ts';
import { runAdaptersBench } from './adapters/run-adapters-bench.ts';
import { runAllBench } from './all/run-all-bench.ts';
import { runAnalyticsBench } from './analytics/run-analytics-bench.ts';
import { runCapacityBench } from './capacity/run-capacity-bench.ts';
import { runCategoriesBench } from './categories/run-categories-bench.ts';
import { runClickstreamBench } from './clickstream/run-clickstream-bench.ts';
import { runBundleBench } from './console/report-bundle.ts';
import { runConsoleBench } from './console/run-console-bench.ts';
import { runDocumentSizesBench } from './document-sizes/run-document-sizes-bench.ts';
import { runImprovementBench } from './improvement/run-improvement-bench.ts';
import { runIngestBench } from './ingest/run-ingest-bench.ts';
import { runInt8Bench } from './int8/run-int8-bench.ts';
import { runInterleavingBench } from './interleaving/run-interleaving-bench.ts';
import { measurements, runLoopBench } from './loop/run-loop-bench.ts';
import { runPartitionsBench } from './partitions/run-partitions-bench.ts';
import { runPicturesBench } from './pictures/run-pictures-bench.ts';
import { runPositionBiasBench } from './position-bias/run-position-bias-bench.ts';
import { runRunsBench } from './runs/run-runs-bench.ts';
import { runSearchBench } from './search/run-search-bench.ts';
import { runSessionsBench } from './sessions/run-sessions-bench.ts';
import { runSpellingBench } from './spelling/run-spelling-bench.ts';
import { runStandbysBench } from './standbys/run-standbys-bench.ts';
import { runSuggestionsBench } from './suggestions/run-suggestions-bench.ts';
import { runTasksBench } from './tasks/run-tasks-bench.ts';
import { runTrainBench } from './train/run-train-bench.ts';
import { runTransportBench } from './transport/run-transport-bench.ts';

const usage = `Benchmarks. Every timing is a ratio of two things measured in turn in the same run.

  npm run bench -- all [options]           all that have goals, some ten minutes; writes docs/benchmarks.md
  npm run bench -- loop [options]          training, embedding, search, reindex
  npm run bench -- train [options]         a training step against ONNX Runtime's forward pass, and against PyTorch
  npm run bench -- train-ablation [options]  settings of a training one by one, against the default on held-out queries
  npm run bench -- adapters [options]      moving stored vectors by an adapter, as a reindex of tier T2 does
  npm run bench -- int8 [options]          the int8 variant of a base model: speed, and what it loses
  npm run bench -- pictures --data DIR     pictures found by text: by captions alone, and with the text tower trained on clicks
  npm run bench -- search [options]        the search verb, its REST route, filters by selectivity
  npm run bench -- ingest [options]        items per second of an upsertion
  npm run bench -- clickstream [options]   events per second
  npm run bench -- sessions [options]      milliseconds of lists, facets and figures at 1,000,000 sessions
  npm run bench -- analytics [options]     milliseconds of figures, slices and lists of queries at 1,000,000 sessions
  npm run bench -- suggestions [options]   milliseconds at 100,000 phrases
  npm run bench -- improvement [options]   learning between fine-tunings on real clicks: held-out queries, off and on
  npm run bench -- spelling [options]      held-out queries as typed and with a typing error, without and with spelling
  npm run bench -- position-bias [options]  how much less lower ranks are looked at, on real clicks, and what it changes
  npm run bench -- interleaving [options]  searches that A/B tests and interleaving need, on simulated users
  npm run bench -- runs [options]          500 tracked runs: table, columns and curves
  npm run bench -- console [options]       first paint, scripts and answers of every page; --folder: a demo's state
  npm run bench -- bundle [options]        JavaScript of every page of the console's build, against its budget
  npm run bench -- tasks [options]         search and counts of --tasks jobs
  npm run bench -- transport [options]     inference over gRPC beside HTTP, on one embedded model server
  npm run bench -- document-sizes [options]  bytes of documents that --sessions sessions leave, by collection
  npm run bench -- categories [options]    categories of queries foretold, of the payload field --field
  npm run bench -- capacity [options]      bytes, build, searches and replay of one server, and what 1 million to 10 billion vectors need
  npm run bench -- partitions [options]    vectors split over three servers by logical replication, against one server
  npm run bench -- standbys [options]      searches read from a standby, against the primary alone

  --data DIR       a data folder (or one that holds movies-msrd); default: films where at hand, else the packaged icons
  --items N        items to ingest (default 1000)
  --events N       events of each timed run of clickstream (default 100000)
  --sessions N     sessions of sessions and analytics (default 1000000)
  --tasks N        stored jobs of tasks (default 1000000)
  --vectors N      stored vectors of capacity (default 200000) partitions (default 50000) and standbys (default 20000)
  --assume LIST    of capacity: name=value by commas in place of what it assumes (servers, load, prices)
  --from FILE      of capacity: figures that an earlier run wrote by --json, in place of measuring
  --field NAME     payload field of categories (default category)
  --model NAME     base model of the catalogue, or auto (default)
  --repeats N      timed runs of each side, after one that is not counted (default 5)
  --only LIST      some of ${measurements.join(',')}; of train-ablation: names of variants; of all: names of benchmarks
  --python PATH    train: the Python whose PyTorch is compared with (default: python3 of the path)
  --minutes M      time of one variant of train-ablation (default 3)
  --folder DIR     state of the run, emptied first (default: a temporary folder, removed at the end);
                   sessions, analytics: kept, and not written again
  --reuse          improvement, spelling: go on with what an earlier run left in --folder
  --json FILE      also write the figures as JSON
  --strict         exit with 1 when a goal is missed
  --help           this text
`;

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  process.stderr.write(`--${name} must be a whole number above 0, not "${text}".\n\n${usage}`);
  process.exit(2);
}

function minutesOf(text: string): number {
  const value = Number(text);
  if (value > 0 && value <= 600) return value;
  process.stderr.write(`--minutes must be a number above 0 and at most 600, not "${text}".\n\n${usage}`);
  process.exit(2);
}

function chosen(list: string | undefined): (typeof measurements)[number][] {
  const names = list?.split(',') ?? [...measurements];
  const unknown = names.filter((name) => !measurements.some((known) => known === name));
  if (unknown.length > 0) {
    process.stderr.write(`--only knows ${measurements.join(', ')}, not ${unknown.join(', ')}.\n`);
    process.exit(2);
  }
  return measurements.filter((name) => names.includes(name));
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    data: { type: 'string' },
    items: { type: 'string', default: '1000' },
    events: { type: 'string', default: '100000' },
    sessions: { type: 'string', default: '1000000' },
    tasks: { type: 'string', default: '1000000' },
    model: { type: 'string', default: 'auto' },
    repeats: { type: 'string', default: '5' },
    only: { type: 'string' },
    minutes: { type: 'string', default: '3' },
    field: { type: 'string', default: 'category' },
    vectors: { type: 'string' },
    assume: { type: 'string', default: '' },
    from: { type: 'string' },
    folder: { type: 'string' },
    python: { type: 'string' },
    reuse: { type: 'boolean', default: false },
    json: { type: 'string' },
    strict: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const benchmarks: Record<string, () => Promise<{ isGoalMissed: boolean }>> = {
  all: () => runAllBench({ only: values.only?.split(','), data: values.data }),
  loop: () =>
    runLoopBench({
      data: values.data,
      itemsMax: wholeNumber('items', values.items),
      model: values.model,
      repeats: wholeNumber('repeats', values.repeats),
      only: chosen(values.only),
      folder: values.folder,
      json: values.json,
    }),
  train: () => {
    const { model, json, python } = values;
    return runTrainBench({ model, json, python, repeats: wholeNumber('repeats', values.repeats) });
  },
  'train-ablation': () => {
    const { data, model, json } = values;
    return runAblationBench({ data, model, json, minutes: minutesOf(values.minutes), only: values.only?.split(',') });
  },
  adapters: () => {
    const sizes = { itemsMax: wholeNumber('items', values.items), repeats: wholeNumber('repeats', values.repeats) };
    return runAdaptersBench({ json: values.json, ...sizes });
  },
  pictures: () => runPicturesBench({ data: values.data, model: values.model, json: values.json }),
  int8: () => {
    const { data, model, json } = values;
    const sizes = { itemsMax: wholeNumber('items', values.items), repeats: wholeNumber('repeats', values.repeats) };
    return runInt8Bench({ data, model, json, ...sizes });
  },
  search: () =>
    runSearchBench({
      data: values.data,
      itemsMax: wholeNumber('items', values.items),
      model: values.model,
      repeats: wholeNumber('repeats', values.repeats),
      folder: values.folder,
      json: values.json,
    }),
  ingest: () =>
    runIngestBench({
      data: values.data,
      itemsMax: wholeNumber('items', values.items),
      model: values.model,
      repeats: wholeNumber('repeats', values.repeats),
      folder: values.folder,
      json: values.json,
    }),
  clickstream: () =>
    runClickstreamBench({
      events: wholeNumber('events', values.events),
      repeats: wholeNumber('repeats', values.repeats),
      json: values.json,
    }),
  bundle: () => runBundleBench({ json: values.json }),
  sessions: () =>
    runSessionsBench({
      sessions: wholeNumber('sessions', values.sessions),
      repeats: wholeNumber('repeats', values.repeats),
      json: values.json,
      folder: values.folder,
    }),
  analytics: () =>
    runAnalyticsBench({
      sessions: wholeNumber('sessions', values.sessions),
      repeats: wholeNumber('repeats', values.repeats),
      json: values.json,
      folder: values.folder,
    }),
  suggestions: () =>
    runSuggestionsBench({
      repeats: wholeNumber('repeats', values.repeats),
      folder: values.folder,
      json: values.json,
    }),
  improvement: () => {
    const { data, model, folder, json, reuse } = values;
    return runImprovementBench({ data, model, folder, json, isReused: reuse });
  },
  spelling: () => {
    const { data, model, folder, json, reuse } = values;
    return runSpellingBench({ data, model, folder, json, isReused: reuse });
  },
  console: () => {
    const { folder, json } = values;
    return runConsoleBench({ folder, json, repeats: wholeNumber('repeats', values.repeats) });
  },
  capacity: () =>
    runCapacityBench({
      vectors: wholeNumber('vectors', values.vectors ?? '200000'),
      assume: values.assume,
      from: values.from,
      json: values.json,
    }),
  standbys: () =>
    runStandbysBench({
      vectors: wholeNumber('vectors', values.vectors ?? '20000'),
      repeats: wholeNumber('repeats', values.repeats),
      json: values.json,
    }),
  partitions: () =>
    runPartitionsBench({
      vectors: wholeNumber('vectors', values.vectors ?? '50000'),
      repeats: wholeNumber('repeats', values.repeats),
      json: values.json,
    }),
  'position-bias': () => runPositionBiasBench({ data: values.data, json: values.json }),
  interleaving: () => runInterleavingBench({ json: values.json }),
  runs: () => runRunsBench({ repeats: wholeNumber('repeats', values.repeats), json: values.json }),
  tasks: () =>
    runTasksBench({
      tasks: wholeNumber('tasks', values.tasks),
      repeats: wholeNumber('repeats', values.repeats),
      json: values.json,
    }),
  'document-sizes': () =>
    runDocumentSizesBench({ sessions: wholeNumber('sessions', values.sessions), json: values.json }),
  transport: () => {
    const { model, json } = values;
    return runTransportBench({ model, json, repeats: wholeNumber('repeats', values.repeats) });
  },
  categories: () => {
    const { data, model, field, folder, json } = values;
    return runCategoriesBench({ data, model, field, folder, json, itemsMax: wholeNumber('items', values.items) });
  },
};

const run = benchmarks[positionals[0] ?? ''];
if (values.help || run === undefined || positionals.length !== 1) {
  (values.help ? process.stdout : process.stderr).write(usage);
  process.exit(values.help ? 0 : 2);
}

try {
  const { isGoalMissed } = await run();
  process.exitCode = values.strict && isGoalMissed ? 1 : 0;
} catch (error) {
  const text = isStudioError(error) ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`\nbench: ${text}\n`);
  process.exitCode = 1;
}
