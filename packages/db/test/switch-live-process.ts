import { isStudioError } from '@embedding-studio/contracts';
import { openPostgres } from '../src/postgres/index.ts';

/** Waits for a line on standard input, tries to move the pointer and prints `won` or the error code. */
const [url = '', expected = '', next = ''] = process.argv.slice(2);
const stores = await openPostgres({ url, poolMax: 1, statementTimeoutMs: 10_000 });
process.stdout.write('ready\n');
await new Promise((resolve) => process.stdin.once('data', resolve));
const outcome = await stores.collections.switchLive({ expected, next }).then(
  () => 'won',
  (error: unknown) => (isStudioError(error) ? error.code : String(error)),
);
process.stdout.write(`${outcome}\n`);
await stores.close();
process.exit(0);
