import { existsSync, readFileSync } from 'node:fs';
import { errorCodes } from '@embedding-studio/contracts';
import { errorRowFaults, pathFaults } from './doc-faults.ts';
import { envExample, envExamplePath } from './env-example.ts';
import { repositoryRoot } from './source-files.ts';

const isExampleCurrent = existsSync(envExamplePath) && readFileSync(envExamplePath, 'utf8') === envExample();
const faults = [
  ...pathFaults(repositoryRoot),
  ...errorRowFaults(repositoryRoot, errorCodes),
  ...(isExampleCurrent ? [] : ['.env.example: is out of date; run `npm run env:example`']),
];
for (const fault of faults) process.stderr.write(`${fault}\n`);
process.stdout.write(faults.length === 0 ? 'The pages are true to the tree.\n' : `${faults.length} faults\n`);
process.exitCode = faults.length === 0 ? 0 : 1;
