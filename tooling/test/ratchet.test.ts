import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findCycles } from '../ratchet/find-cycles.ts';
import { measureFile } from '../ratchet/measure-file.ts';
import { percentile } from '../ratchet/percentile.ts';
import { ratchetReport } from '../ratchet/ratchet-report.ts';

describe('one file', () => {
  it('counts lines of functions, uses of any and comments that switch checks off', () => {
    const text = [
      '// why this is so',
      'export function grow(seed: any): any {',
      '  return seed;',
      '}',
      '// biome-ignore lint/x: y',
      'export const shrink = () => {',
      "  return 'any // no comment';",
      '};',
      '',
    ].join('\n');
    const measure = measureFile('a.ts', text);
    expect(measure).toMatchObject({ lines: 8, anyCount: 2, suppressions: 1 });
    expect(measure.functions).toEqual([
      { name: 'grow', lines: 3 },
      { name: 'shrink', lines: 3 },
    ]);
    expect(measure.commentCharacters).toBe('//whythisisso'.length + '//biome-ignorelint/x:y'.length);
  });

  it('tells imports that exist at run time from those of types', () => {
    const text = [
      "import type { A } from './a';",
      "import { type B } from './b';",
      "import { type C, d } from './d';",
      "import './e';",
      "import f from './f';",
      "export type { G } from './g';",
      "export { h } from './h';",
    ].join('\n');
    expect(measureFile('x.ts', text).runtimeImports).toEqual(['./d', './e', './f', './h']);
  });
});

it('finds circles of any length and no others', () => {
  const graph = new Map([
    ['a', ['b', 'x']],
    ['b', ['c']],
    ['c', ['a']],
    ['d', ['a']],
    ['s', ['s']],
    ['x', []],
  ]);
  expect(findCycles(graph)).toEqual([['a', 'b', 'c'], ['s']]);
});

it('takes percentiles by nearest rank', () => {
  expect([0.5, 0.95, 1].map((share) => percentile([4, 1, 3, 2], share))).toEqual([2, 4, 4]);
  expect(percentile([], 0.5)).toBe(0);
});

describe('a tree', () => {
  let root = '';
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'studio-ratchet-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };

  it('keeps tests and generated files apart, and sees circles through package names', () => {
    write('packages/a/package.json', '{"name":"@x/a","exports":{"./door":"./src/door.ts"}}');
    write('packages/a/src/door.ts', "import { b } from '@x/b';\nexport const a = b;\n");
    write('packages/b/package.json', '{"name":"@x/b","exports":{".":"./src/index.ts"}}');
    write('packages/b/src/index.ts', "import { a } from '@x/a/door';\nexport const b = a;\n");
    write('packages/b/src/made.gen.ts', 'export const made: any = 1;\n');
    write('packages/b/test/index.test.ts', 'const loose: any = 1;\n\nexport { loose };\n');
    expect(ratchetReport(root)).toMatchObject({
      files: 2,
      lines: 4,
      anyCount: 0,
      testFiles: 1,
      testLines: 3,
      testToSource: 0.75,
      cycles: [['packages/a/src/door.ts', 'packages/b/src/index.ts']],
    });
  });

  it('names files and functions over the limits', () => {
    const row = (at: number) => `  const r${at} = ${at};`;
    const body = Array.from({ length: 310 }, (_, at) => row(at)).join('\n');
    write('apps/a/src/big.ts', `export function grow() {\n${body}\n}\n`);
    const report = ratchetReport(root);
    expect(report.filesOverLimit).toEqual(['apps/a/src/big.ts']);
    expect(report.functionsOverLimit).toEqual(['apps/a/src/big.ts grow']);
  });
});
