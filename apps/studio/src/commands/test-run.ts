import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { childEnvironment, type Settings } from '../environment.ts';
import { ensureChromium } from '../services/ensure-chromium.ts';
import { createMachine, repositoryFolder } from '../services/machine.ts';
import { type RunningServices, startServices } from '../services/start-services.ts';
import type { Progress } from '../terminal/progress.ts';
import { type ConformanceStep, conformanceSuites, filesOf } from './conformance-suites.ts';
import { ConformanceReport, judgeConformance, renderConformance } from './conformance-table.ts';
import { prepareBrowserTests } from './prepare-browser-tests.ts';
import { awaitStopSignal } from './up.ts';

export interface TestRunOptions {
  folder: string;
  extent: 'full' | 'fast' | 'conformance' | 'console';
  settings: Settings;
  log: Progress;
  /** Folder that keeps the reports; without one they are removed again. */
  reports?: string;
}

interface Step {
  name: string;
  command: string[];
  /** File of the test runner's result, which is counted; null for a check without tests. */
  result: string | null;
  variables?: Record<string, string>;
}

interface Count {
  passed: number;
  failed: number;
  skipped: number;
}

const reportSchema = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  success: z.boolean(),
});

/** Parts of the paths of suites that try other servers and sources where these answer. */
const conformanceWords = ['contract', 'conformance', 'model-source', 'mlflow'];

const bin = (name: string) => join(repositoryFolder, 'node_modules', '.bin', name);

function checkSteps(): Step[] {
  return [
    { name: 'lint', command: [bin('biome'), 'check', '--error-on-warnings', '.'], result: null },
    { name: 'types', command: ['npm', 'run', '--silent', 'types'], result: null },
    { name: 'docs', command: [process.execPath, '--import', 'tsx', 'tooling/check-docs.ts'], result: null },
  ];
}

/** A project of the test runner, or the files of it whose paths hold one of the words. */
function testStep(project: string, resultFolder: string, words: readonly string[] = []): Step {
  const result = join(resultFolder, `${project}.json`);
  const reports = ['--reporter=default', '--reporter=json', `--outputFile.json=${result}`];
  const command = [bin('vitest'), 'run', '--project', project, '--passWithNoTests', ...reports, ...words];
  return { name: `${project} tests`, command, result };
}

function run(command: readonly string[], variables: Record<string, string>): Promise<boolean> {
  const [program = '', ...args] = command;
  const child = spawn(program, args, {
    cwd: repositoryFolder,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: childEnvironment(variables),
  });
  return new Promise((settle) => {
    child.on('error', () => settle(false));
    child.on('exit', (code) => settle(code === 0));
  });
}

function readCount(path: string): Count {
  if (!existsSync(path)) return { passed: 0, failed: 0, skipped: 0 };
  const report = reportSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** Servers for the tests alone, in a folder of their own, that give up safety against power loss for speed. */
function startTestServices({ folder, settings, log }: TestRunOptions): Promise<RunningServices> {
  // Tests create and drop databases: never in the servers that the environment names.
  const ours = { ...settings, DATABASE_URL: undefined, REDIS_URL: undefined, QUEUE_BACKEND: undefined };
  const which = ['postgres', 'queue'] as const;
  return startServices({ folder: join(folder, 'test'), which, log, settings: ours, durable: false });
}

function testVariables({ urls }: RunningServices): Record<string, string> {
  const variables: Record<string, string> = { STUDIO_TEST_POSTGRES_URL: urls.databaseUrl ?? '' };
  if (urls.redisUrl !== null) variables.STUDIO_TEST_REDIS_URL = urls.redisUrl;
  return variables;
}

interface Outcome {
  count: Count;
  faults: string[];
}

async function runStep(step: Step, context: { outcome: Outcome; variables: Record<string, string>; log: Progress }) {
  const { outcome, variables, log } = context;
  log.say(`${step.name} …`);
  const started = performance.now();
  const passed = await run(step.command, { ...variables, ...step.variables });
  if (!passed) outcome.faults.push(step.name);
  log.say(`${step.name}: ${passed ? 'passed' : 'FAILED'} in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  if (step.result === null) return;
  const count = readCount(step.result);
  for (const key of ['passed', 'failed', 'skipped'] as const) outcome.count[key] += count[key];
}

function close({ count, faults }: Outcome): boolean {
  // Tests that could not even be loaded have no count of their own, and must not look like a pass.
  const failed = count.failed === 0 && faults.length > 0 ? faults.length : count.failed;
  const skipped = count.skipped === 0 ? '' : `, ${count.skipped} skipped`;
  const summary = faults.length === 0 ? 'All checks passed.' : `Failed: ${faults.join(', ')}.`;
  process.stdout.write(`\n${summary}\n${count.passed} passed, ${failed} failed${skipped}\n`);
  return faults.length === 0;
}

function stepsWithoutServices(extent: TestRunOptions['extent'], resultFolder: string): Step[] {
  if (extent === 'console') return [];
  if (extent === 'conformance')
    return (['unit', 'loop'] as const).map((project) =>
      testStep(project, resultFolder, [...conformanceWords, ...filesOf(project)]),
    );
  const projects = extent === 'full' ? ['unit', 'engine'] : ['unit'];
  return [...checkSteps(), ...projects.map((project) => testStep(project, resultFolder))];
}

/** Runs every check and prints the count. True when all of them passed. */
export async function runChecks(options: TestRunOptions): Promise<boolean> {
  mkdirSync(options.folder, { recursive: true });
  const resultFolder = options.reports ?? mkdtempSync(join(options.folder, 'results-'));
  const outcome: Outcome = { count: { passed: 0, failed: 0, skipped: 0 }, faults: [] };
  const context = { outcome, resultFolder, log: options.log };
  // Servers that take minutes to install are tried where it is only about such servers.
  const installs: Record<string, string> = options.extent === 'conformance' ? { STUDIO_TEST_INSTALLS: '1' } : {};
  const builds = options.extent === 'conformance' ? buildServers(installs) : null;
  try {
    for (const step of stepsWithoutServices(options.extent, resultFolder))
      await runStep(step, { ...context, variables: installs });
    const prepared = options.extent === 'full' ? prepareBrowserTests(options) : null;
    const onServices = stepsOnServices(options, resultFolder);
    if (onServices.length > 0) await runServiceTests(options, context, onServices);
    await prepared;
    if (options.extent === 'full' || options.extent === 'console') await runBrowserTests(options, context);
    if (options.extent === 'conformance') showConformance(options, context);
    return close(outcome);
  } finally {
    builds?.kill();
    if (options.reports === undefined) rmSync(resultFolder, { recursive: true, force: true });
  }
}

/** Servers written in Go, built while other tests run: those that need one wait for it. */
function buildServers(variables: Record<string, string>): ChildProcess {
  const program = join(repositoryFolder, 'packages/testing/src/go-programs/build-all.ts');
  const env = childEnvironment(variables);
  return spawn(process.execPath, ['--import', 'tsx', program], { cwd: repositoryFolder, stdio: 'ignore', env });
}

function stepsOnServices({ extent, settings }: TestRunOptions, resultFolder: string): Step[] {
  if (extent === 'full') return ['db', 'loop', 'faults'].map((project) => testStep(project, resultFolder));
  if (extent !== 'conformance') return [];
  const embedded = { ...testStep('db', resultFolder, filesOf('db')), variables: { MONGODB_URL: '' } };
  if (settings.MONGODB_URL === undefined) return [embedded];
  const name: ConformanceStep = 'db on MongoDB';
  const folder = join(resultFolder, name);
  const onMongo = testStep('db', folder, filesOf(name));
  return [embedded, { ...onMongo, name: `${name} tests`, variables: { MONGODB_URL: settings.MONGODB_URL } }];
}

/** The table of ports; what failed in it alone, because it was not run, fails the whole. */
function showConformance({ settings }: TestRunOptions, context: { outcome: Outcome; resultFolder: string }): void {
  const { outcome, resultFolder } = context;
  const paths: [ConformanceStep, string][] = [
    ...(['unit', 'loop', 'db'] as const).map((step): [ConformanceStep, string] => [step, `${step}.json`]),
    ['db on MongoDB', join('db on MongoDB', 'db.json')],
  ];
  const found = paths.filter(([, path]) => existsSync(join(resultFolder, path)));
  const read = (path: string) => ConformanceReport.parse(JSON.parse(readFileSync(join(resultFolder, path), 'utf8')));
  const reports = new Map(found.map(([step, path]) => [step, read(path)]));
  const rows = judgeConformance({ suites: conformanceSuites, reports, settings });
  process.stdout.write(renderConformance(rows));
  if (outcome.faults.length === 0 && rows.some(({ verdict }) => verdict === 'failed'))
    outcome.faults.push('ports whose suite was not run');
}

function browserTestFiles(): string[] {
  return readdirSync(join(repositoryFolder, 'e2e')).filter((name) => name.endsWith('.e2e.test.ts'));
}

/** The console on a demo's data; the tests start it themselves. */
async function runBrowserTests(
  { settings, log }: TestRunOptions,
  context: { outcome: Outcome; resultFolder: string; log: Progress },
): Promise<void> {
  const chromium = await ensureChromium(createMachine(settings, log));
  if (chromium === null) {
    log.say(`e2e tests: skipped, there is no browser; ${browserTestFiles().length} files count as skipped`);
    context.outcome.count.skipped += browserTestFiles().length;
    return;
  }
  await runStep(testStep('e2e', context.resultFolder), { ...context, variables: { CHROMIUM: chromium } });
}

async function runServiceTests(
  options: TestRunOptions,
  context: { outcome: Outcome; resultFolder: string; log: Progress },
  steps: readonly Step[],
): Promise<void> {
  const stopped = awaitStopSignal();
  const running = await startTestServices(options);
  void stopped.then(() => running.stop()).then(() => process.exit(130));
  try {
    const variables = testVariables(running);
    for (const step of steps) await runStep(step, { ...context, variables });
  } finally {
    await running.stop();
  }
}
