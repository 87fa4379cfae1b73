import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { repositoryRoot } from '../source-files.ts';
import { readFigures } from './read-figures.ts';
import { type Figures, renderTrust } from './trust-page.ts';

const help = `npm run trust              write docs/trust.md anew, with the figures of the last run that was read
npm run trust -- FOLDER    read Vitest's JSON reports there first
`;

const figuresFile = join(import.meta.dirname, 'figures.json');
const [given] = process.argv.slice(2);
if (given === '--help') process.stdout.write(help);
else {
  if (given !== undefined) writeFileSync(figuresFile, `${JSON.stringify(readFigures(resolve(given)), null, 2)}\n`);
  const figures: Figures = existsSync(figuresFile) ? JSON.parse(readFileSync(figuresFile, 'utf8')) : {};
  writeFileSync(join(repositoryRoot, 'docs/trust.md'), renderTrust(figures));
  process.stdout.write('docs/trust.md is written.\n');
}
