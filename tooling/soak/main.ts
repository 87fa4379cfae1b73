import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { describeSoak } from './report-soak.ts';
import { runSoak } from './run-soak.ts';

const usage = `Mixed load on an installation of its own, and what grew meanwhile: memory, event-loop lag, tables, connections.

  npm run soak -- [options]

  --minutes M      how long the load goes on (default 60)
  --searches N     searches per second of all visitors; each is followed by a click (default 20)
  --upserts N      items written per second, the same 300 over and over (default 2)
  --rollout M      minutes from one rollout of a new model to the next (default 5)
  --json FILE      all samples as JSON
  --help           this text

The first quarter is warming up and not judged. Ends with 1 where something grows that must not, or a request failed.`;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '60' },
    searches: { type: 'string', default: '20' },
    upserts: { type: 'string', default: '2' },
    rollout: { type: 'string', default: '5' },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(`${usage}\n`);
  process.exit(0);
}

function positive(name: 'minutes' | 'searches' | 'upserts' | 'rollout'): number {
  const value = Number(values[name]);
  if (value > 0) return value;
  process.stderr.write(`--${name} must be a positive number, got "${values[name]}".\n`);
  process.exit(2);
}

const started = performance.now();
const report = await runSoak({
  minutes: positive('minutes'),
  searchesPerSecond: positive('searches'),
  upsertsPerSecond: positive('upserts'),
  rolloutEvery: positive('rollout'),
  tell: (line) => process.stderr.write(`${((performance.now() - started) / 1_000).toFixed(1).padStart(7)}s  ${line}\n`),
});
process.stdout.write(`${describeSoak(report)}\n`);
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(report, null, 2)}\n`);
process.exit(report.isSound ? 0 : 1);
