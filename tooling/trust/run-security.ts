import { spawnSync } from 'node:child_process';
import { repositoryRoot } from '../source-files.ts';
import { security } from './security.ts';

/** Suites are run by the files that bring them their stores. */
const suites = ['packages/db/test/postgres-stores.db.test.ts', 'packages/db/test/mongo-stores.db.test.ts'];
const files = security
  .flatMap(({ tests }) => tests.map(({ file }) => file))
  .filter((file) => file.endsWith('.test.ts'));
// Those of the console need a demo and a build: `./studio test --console`.
const here = [...new Set([...files, ...suites])].filter((file) => !file.startsWith('e2e/'));
const { status } = spawnSync('npx', ['vitest', 'run', ...here], { cwd: repositoryRoot, stdio: 'inherit' });
process.exitCode = status ?? 1;
