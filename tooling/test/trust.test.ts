import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryRoot } from '../source-files.ts';
import { allPromises, type Figures, renderTrust } from '../trust/trust-page.ts';

const read = (file: string) => readFileSync(join(repositoryRoot, file), 'utf8');

describe('the promises', () => {
  it('are all there, R1 to R19 and S1 to S15, each shown by a test or said to be open', () => {
    const numbers = (letter: string, count: number) => Array.from({ length: count }, (_, at) => `${letter}${at + 1}`);
    expect(allPromises.map(({ id }) => id)).toEqual([...numbers('R', 19), ...numbers('S', 15)]);
    for (const { id, tests, open } of allPromises)
      expect([id, tests.length > 0 || open !== undefined]).toEqual([id, true]);
  });

  it('name tests that are there', () => {
    const missing = allPromises.flatMap(({ id, tests }) =>
      tests.flatMap(({ file, titles }) => {
        const text = existsSync(join(repositoryRoot, file)) ? read(file) : '';
        return titles.filter((title) => !text.includes(title)).map((title) => `${id}: ${file}: ${title}`);
      }),
    );
    expect(missing).toEqual([]);
  });

  it('stand in docs/trust.md as they are: run `npm run trust`', () => {
    const figures = JSON.parse(read('tooling/trust/figures.json')) as Figures;
    expect(read('docs/trust.md')).toBe(renderTrust(figures));
  });
});
