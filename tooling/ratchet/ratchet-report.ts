import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listFiles } from '../source-files.ts';
import { findCycles } from './find-cycles.ts';
import { importGraph, readPackageDoors } from './import-graph.ts';
import { type FileMeasure, measureFile } from './measure-file.ts';
import { percentile } from './percentile.ts';

export interface Spread {
  median: number;
  p95: number;
  max: number;
  /** What the longest one is. */
  longest: string;
}

export interface RatchetReport {
  files: number;
  lines: number;
  fileLines: Spread;
  functionLines: Spread;
  functions: number;
  filesOverLimit: string[];
  functionsOverLimit: string[];
  cycles: string[][];
  anyCount: number;
  suppressions: number;
  /** Share of the characters that are comment. */
  commentShare: number;
  testFiles: number;
  testLines: number;
  testToSource: number;
}

const fileLimit = 300;
// As in the lint rule, which does not count the lines of the two braces.
const functionLimit = 62;

const isSource = (path: string) =>
  /^(apps|packages)\/[^/]+\/src\/.*\.tsx?$/.test(path) && !/\.(gen|d)\.ts$|\.test\.tsx?$/.test(path);
const isTest = (path: string) =>
  /^(apps|packages|tooling|e2e|bench)\/.*\.tsx?$/.test(path) &&
  (/\/test\//.test(path) || /\.test\.tsx?$/.test(path) || path.startsWith('e2e/'));

function spreadOf(entries: readonly { lines: number; label: string }[]): Spread {
  const lines = entries.map((entry) => entry.lines);
  const max = Math.max(0, ...lines);
  const longest = entries.find((entry) => entry.lines === max)?.label ?? '';
  return { median: percentile(lines, 0.5), p95: percentile(lines, 0.95), max, longest };
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

/** Figures of the hand-written source of a tree, tests apart. */
export function ratchetReport(root: string): RatchetReport {
  const measureAll = (accepts: (path: string) => boolean): FileMeasure[] =>
    listFiles(root, accepts).map((path) => measureFile(path, readFileSync(join(root, path), 'utf8')));
  const source = measureAll(isSource);
  const tests = measureAll(isTest);
  const functions = source.flatMap(({ path, functions: found }) =>
    found.map(({ name, lines }) => ({ lines, label: `${path} ${name}` })),
  );
  const doors = readPackageDoors(
    root,
    listFiles(root, (path) => /^(apps|packages)\/[^/]+\/package\.json$/.test(path)),
  );
  const lines = sum(source.map((file) => file.lines));
  const testLines = sum(tests.map((file) => file.lines));
  return {
    files: source.length,
    lines,
    fileLines: spreadOf(source.map((file) => ({ lines: file.lines, label: file.path }))),
    functionLines: spreadOf(functions),
    functions: functions.length,
    filesOverLimit: source.filter((file) => file.lines > fileLimit).map(({ path }) => path),
    functionsOverLimit: functions.filter((each) => each.lines > functionLimit).map(({ label }) => label),
    cycles: findCycles(importGraph(root, source, doors)),
    anyCount: sum(source.map((file) => file.anyCount)),
    suppressions: sum(source.map((file) => file.suppressions)),
    commentShare:
      sum(source.map((file) => file.commentCharacters)) / Math.max(1, sum(source.map((file) => file.characters))),
    testFiles: tests.length,
    testLines,
    testToSource: testLines / Math.max(1, lines),
  };
}
