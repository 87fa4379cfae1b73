import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { readSettings } from '../../apps/studio/src/environment.ts';
import { ensureChromium } from '../../apps/studio/src/services/ensure-chromium.ts';
import { createMachine } from '../../apps/studio/src/services/machine.ts';
import { serviceNames, startServices } from '../../apps/studio/src/services/start-services.ts';
import { createProgress } from '../../apps/studio/src/terminal/progress.ts';
import { table } from '../../apps/studio/src/terminal/table.ts';
import { browserArguments } from '../../e2e/harness/browser-arguments.ts';
import { saveAdmin } from '../../e2e/harness/save-admin.ts';
import { describeMachine, loadNow } from '../machine.ts';
import { measureVisit, type Visit } from './measure-visit.ts';
import { makeBundleReport, renderBundle } from './report-bundle.ts';
import { setUpLinkOf } from './set-up-link.ts';

const paintGoalMs = 1_500;
const answerGoalBytes = 200 * 1024;
const pages = [
  ...['/gallery', '/overview', '/search', '/collections', '/map', '/sessions', '/fine-tuning', '/runs', '/models'],
  ...['/deployments', '/data-sources', '/suggestions', '/plugins', '/queues', '/settings'],
];

export interface ConsoleBenchOptions {
  /** A state folder, such as a demo leaves; default: an empty one. */
  folder?: string;
  repeats: number;
  json?: string;
}

/** First paint, scripts and answers of every page, in a browser that starts with an empty cache each time. */
export async function runConsoleBench(options: ConsoleBenchOptions): Promise<{ isGoalMissed: boolean }> {
  const progress = createProgress();
  const settings = readSettings();
  const program = await ensureChromium(createMachine(settings, progress));
  if (program === null) throw new TypeError('No browser to measure with; see the line above.');
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'studio-bench-')));
  const running = await startServices({ folder, which: serviceNames, log: progress, settings });
  const browser = await chromium.launch({ executablePath: program, args: browserArguments });
  const load = { start: loadNow(), end: 0 };
  try {
    const consoleUrl = running.urls.consoleUrl ?? '';
    const state = join(folder, 'bench-admin.json');
    await saveAdmin({ chromium: program, consoleUrl, setUpLink: setUpLinkOf(folder, consoleUrl), path: state });
    const rows: Row[] = [];
    for (const page of pages) {
      progress.say(`measuring ${page}`);
      rows.push(await measurePage(browser, { url: `${consoleUrl}${page}`, page, state, repeats: options.repeats }));
    }
    load.end = loadNow();
    const isSlow = rows.some((row) => row.paintMs > paintGoalMs || row.answerBytes > answerGoalBytes);
    const bundle = await makeBundleReport();
    const isGoalMissed = isSlow || bundle.exceeding.length > 0;
    const report = { machine: describeMachine(), load, rows, bundle };
    process.stdout.write(
      `${render(rows)}\n${isSlow ? 'MISSED' : 'met'}: first paint below 1.5 s, answers ≤ 200 KiB\n\n${renderBundle(bundle)}\n`,
    );
    if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
    return { isGoalMissed };
  } finally {
    await browser.close();
    await running.stop();
  }
}

interface Row extends Visit {
  page: string;
}

async function measurePage(
  browser: Browser,
  given: { url: string; page: string; state: string; repeats: number },
): Promise<Row> {
  const visits: Visit[] = [];
  for (let turn = 0; turn <= given.repeats; turn++) visits.push(await measureVisit(browser, given));
  // The first visit loads the server's own modules.
  const warm = visits.slice(1).sort((a, b) => a.paintMs - b.paintMs);
  const middle = warm[Math.floor(warm.length / 2)] ?? { paintMs: 0, scriptBytes: 0, answerBytes: 0, calls: 0 };
  return { ...middle, page: given.page, answerBytes: Math.max(...visits.map(({ answerBytes }) => answerBytes)) };
}

function render(rows: Row[]): string {
  const bare = rows[0]?.paintMs ?? 1;
  const kib = (bytes: number) => (bytes / 1024).toFixed(0);
  const lines = rows.map(({ page, paintMs, scriptBytes, answerBytes, calls }) => [
    ...[page, paintMs.toFixed(0), (paintMs / bare).toFixed(2), kib(scriptBytes), String(calls), kib(answerBytes)],
  ]);
  const header = ['page', 'first paint, ms', '× page without data', 'scripts, KiB', 'calls', 'largest answer, KiB'];
  return table(header, lines).join('\n');
}
