import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { errorRowFaults, pathFaults } from '../doc-faults.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'studio-docs-'));
  mkdirSync(join(root, 'packages/core'), { recursive: true });
  mkdirSync(join(root, 'docs'));
  writeFileSync(join(root, 'packages/core/search.ts'), '');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const write = (name: string, text: string) => writeFileSync(join(root, name), text);

it('names a cited path that is not there, with the page', () => {
  write('README.md', 'See `packages/core/gone.ts` and `packages/core/search.ts:12`.');
  expect(pathFaults(root)).toEqual(['README.md: cites packages/core/gone.ts, which does not exist']);
});

it('names a link that leads nowhere, relative to its page', () => {
  write('docs/a.md', '[up](../README.md#top) [there](../packages/core/search.ts) [out](https://example.org/x)');
  expect(pathFaults(root)).toEqual(['docs/a.md: links to ../README.md#top, which does not exist']);
});

it('takes commands, globs and placeholders for what they are', () => {
  write('README.md', '`npm run x/y` `packages/*/src` `application/json` `and/or`\n```\npackages/core/gone.ts\n```\n');
  expect(pathFaults(root)).toEqual([]);
});

it('says nothing of what tools write, there or not', () => {
  mkdirSync(join(root, '.cache'));
  write('README.md', '`.cache/pictures`');
  expect(pathFaults(root)).toEqual([]);
});

it('wants one row for each error code and none for others', () => {
  expect(errorRowFaults(root, ['A_B'])).toEqual([]);
  write('docs/errors.md', '| `A_B` | x |\n| `C_D` | x |\n| `C_D` | y |\n');
  expect(errorRowFaults(root, ['A_B', 'E_F', 'C_D'])).toEqual([
    'docs/errors.md: has no row for E_F',
    'docs/errors.md: has two rows for C_D',
  ]);
  expect(errorRowFaults(root, ['A_B'])).toContain('docs/errors.md: has a row for C_D, which is no error code');
});
