import { createInterface } from 'node:readline';
import { createLog, reportCrashes } from '../src/index.ts';

/** Logs as many lines as it is asked for, and then says how many there have been. */
const log = createLog({ name: 'chatty', level: 'info' });
reportCrashes(log);
let count = 0;
for await (const wanted of createInterface({ input: process.stdin })) {
  for (let line = 0; line < Number(wanted); line++) log.info({ number: count++, filler: 'x'.repeat(200) }, 'a line');
  process.stdout.write(`logged ${count}\n`);
}
