import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { describeDrill } from './report-drill.ts';
import { runDrill } from './run-drill.ts';

const usage = `Kills every part of an installation of its own under load, one after the other, and restarts it.

  npm run drill -- [options]

  --parts LIST     only these, by commas: gateway 1, gateway 2, workers 1 to 4, standby, redis, primary, documents, model server;
                   a+b: b is killed while a is dead (default: each, and documents+gateway 1)
  --down SECONDS   how long each stays dead (default 4)
  --searches N     searches per second of all visitors; each is followed by a click (default 10)
  --upserts N      items written per second (default 2)
  --json FILE      the figures as JSON too
  --help           this text

Ends with 1 where anything that was acknowledged is missing, is there twice, or was done twice.`;

const { values } = parseArgs({
  options: {
    parts: { type: 'string' },
    down: { type: 'string', default: '4' },
    searches: { type: 'string', default: '10' },
    upserts: { type: 'string', default: '2' },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(`${usage}\n`);
  process.exit(0);
}

function positive(name: 'down' | 'searches' | 'upserts'): number {
  const value = Number(values[name]);
  if (value > 0) return value;
  process.stderr.write(`--${name} must be a positive number, got "${values[name]}".\n`);
  process.exit(2);
}

const started = performance.now();
const tell = (line: string): void => {
  process.stderr.write(`${((performance.now() - started) / 1_000).toFixed(1).padStart(7)}s  ${line}\n`);
};
const report = await runDrill({
  parts: values.parts?.split(',').map((name) => name.trim()) ?? null,
  downSeconds: positive('down'),
  searchesPerSecond: positive('searches'),
  upsertsPerSecond: positive('upserts'),
  gateways: 2,
  workers: [
    ['upsertion', 'inference'],
    ['upsertion', 'inference'],
    ['improvement', 'fine-tuning'],
    ['improvement', 'fine-tuning'],
  ],
  withStandby: true,
  tell,
});
process.stdout.write(`${describeDrill(report)}\n`);
if (values.json !== undefined) {
  const { windows, verdict } = report;
  await writeFile(
    values.json,
    `${JSON.stringify({ windows, broken: verdict.broken, counted: verdict.counted }, null, 2)}\n`,
  );
}
process.exit(report.verdict.broken.length === 0 ? 0 : 1);
