import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createProgress } from '../../apps/studio/src/terminal/progress.ts';
import { type PlannedRun, plannedRuns } from './planned-runs.ts';

const root = join(import.meta.dirname, '../..');
const page = join(root, 'docs/benchmarks.md');

interface Outcome {
  run: PlannedRun;
  text: string;
  verdict: 'met' | 'missed' | 'did not end';
  seconds: number;
}

export interface AllBenchOptions {
  only?: readonly string[];
  /** Data folder of the benchmarks that embed texts; without one they take what is at hand. */
  data?: string;
}

/** Runs every planned benchmark, one after the other, and writes docs/benchmarks.md after each of them. */
export async function runAllBench({ only, data }: AllBenchOptions): Promise<{ isGoalMissed: boolean }> {
  const progress = createProgress();
  const runs = plannedRuns.filter(({ command }) => only === undefined || only.includes(command[0] ?? ''));
  if (runs.length === 0)
    throw new TypeError(`--only knows ${plannedRuns.map(({ command }) => command[0]).join(', ')}.`);
  const outcomes: Outcome[] = [];
  for (const run of runs) {
    progress.say(`${outcomes.length + 1} of ${runs.length}: bench -- ${run.command.join(' ')}`);
    outcomes.push(await runOne(run, run.takesData && data !== undefined ? ['--data', data] : []));
    writeFileSync(page, renderPage(outcomes, new Date()));
  }
  process.stdout.write(readFileSync(page, 'utf8'));
  return { isGoalMissed: outcomes.some(({ verdict }) => verdict !== 'met') };
}

function runOne(run: PlannedRun, more: readonly string[]): Promise<Outcome> {
  const started = performance.now();
  const args = ['--import', 'tsx', join(root, 'bench/main.ts'), ...run.command, ...more, '--strict'];
  const child = spawn(process.execPath, args, {
    ...{ cwd: root, stdio: ['ignore', 'pipe', 'inherit'], timeout: run.minutesMax * 60_000 },
  });
  let text = '';
  child.stdout.on('data', (part: Buffer) => {
    text += part.toString();
  });
  return new Promise((settle) => {
    child.on('close', (code) => {
      const hasReport = text.trim() !== '';
      const verdict = code === 0 ? 'met' : hasReport && code === 1 ? 'missed' : 'did not end';
      settle({ run, text: text.trim(), verdict, seconds: (performance.now() - started) / 1000 });
    });
  });
}

function renderPage(outcomes: readonly Outcome[], at: Date): string {
  const rows = outcomes.map(
    ({ run, verdict, seconds }) =>
      `| \`npm run bench -- ${nameOf(run)}\` | ${run.about} | ${verdict} | ${seconds.toFixed(0)} s |`,
  );
  const reports = outcomes.map(({ run, text }) => `## bench -- ${nameOf(run)}\n\n\`\`\`text\n${text}\n\`\`\``);
  return [
    '# Benchmarks\n',
    `Written by \`npm run bench -- all\` on ${at.toISOString().slice(0, 10)}. Timings are ratios against a bare component of the same run, median and`,
    'range; the goal stands beside each. `load` is of all processes of the machine: above its number of cores the ratios say little.\n',
    '| command | about | goals | took |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    ...reports,
    '',
  ].join('\n');
}

/** The report itself says which data it was. */
const nameOf = ({ command, takesData }: PlannedRun): string =>
  [...command, ...(takesData ? ['--data DIR'] : [])].join(' ');
