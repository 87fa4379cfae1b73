import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { restRoutes } from '../src/rest/index.ts';

const page = readFileSync(fileURLToPath(new URL('../../../docs/api.md', import.meta.url)), 'utf8');

/** `/a/{b,c}` stands for two paths, `/a/{id}` for one. */
function expand(path: string): string[] {
  const list = /\{([^{}]*,[^{}]*)\}/.exec(path);
  if (!list) return [path];
  return (list[1] ?? '').split(',').flatMap((name) => expand(path.replace(list[0], name)));
}

describe('docs/api.md', () => {
  it('names every path of the REST table, and none that is not there', () => {
    const table = page
      .slice(page.indexOf('## Paths'))
      .split('\n')
      .filter((line) => line.startsWith('| `/'));
    const named = table.flatMap((line) => [...(line.split(' | ')[0] ?? '').matchAll(/`(\/[^`]+)`/g)]);
    const paths = named.flatMap((match) => expand(match[1] ?? ''));
    expect([...paths].sort()).toEqual([...new Set(restRoutes.map(({ path }) => path))].sort());
  });
});
