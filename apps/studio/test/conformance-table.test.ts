import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import {
  type ConformanceStep,
  type ConformanceSuite,
  conformanceSuites,
  filesOf,
} from '../src/commands/conformance-suites.ts';
import { type ConformanceReport, judgeConformance, renderConformance } from '../src/commands/conformance-table.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

function judge(
  suite: Partial<ConformanceSuite>,
  tests: readonly { title: string; status: string }[] | null,
  settings = {},
) {
  const whole = { port: 'p', implementation: 'i', step: 'unit', file: 'a/b.test.ts', ...suite } as const;
  const assertionResults = (tests ?? []).map((test) => ({ ...test, fullName: test.title }));
  const file = { name: '/x/a/b.test.ts', message: 'broken\nat line 1', status: 'passed', assertionResults };
  const reports = new Map<ConformanceStep, ConformanceReport>([
    ['unit', { testResults: tests === null ? [] : [file] }],
  ]);
  const [row] = judgeConformance({ suites: [whole], reports, settings });
  return [row?.verdict, row?.detail, ...(row?.lacks ? [row.lacks] : [])];
}

it('passes what has passed, and counts its own tests only', () => {
  const tests = [
    { title: 'mine works', status: 'passed' },
    { title: 'other', status: 'failed' },
  ];
  expect(judge({ titles: 'mine' }, tests)).toEqual(['passed', '1 tests']);
  expect(judge({}, tests)).toEqual(['failed', '1 of 2 tests']);
});

it('fails what could be run and was not', () => {
  expect(judge({}, null)).toEqual(['failed', 'was not run']);
  expect(judge({}, [])).toEqual(['failed', 'broken']);
  expect(judge({}, [{ title: 'a', status: 'skipped' }])).toEqual(['failed', 'skipped, and does not say why']);
  expect(judge({ setting: 'MONGODB_URL' }, null, { MONGODB_URL: 'mongodb://h' })).toEqual(['failed', 'was not run']);
});

it('tells apart what an implementation does and what it lacks', () => {
  const lacking = { title: 'lacks $lookup: joins', status: 'passed' };
  expect(judge({}, [{ title: 'finds', status: 'passed' }, lacking])).toEqual([
    'passed in part',
    '1 tests; 1 unsupported',
    '$lookup',
  ]);
  expect(judge({}, [lacking])).toEqual(['unsupported', '0 tests; 1 unsupported', '$lookup']);
  expect(judge({}, [{ ...lacking, status: 'failed' }])).toEqual(['failed', '1 of 1 tests']);
});

it('says what is not reachable here, and why', () => {
  const skipped = [{ title: 'needs MinIO: there is no Go', status: 'skipped' }];
  expect(judge({}, skipped)).toEqual(['not reachable here', 'needs MinIO: there is no Go']);
  expect(judge({ lacks: 'redis-server' }, [{ title: 'a', status: 'skipped' }])).toEqual([
    'not reachable here',
    'needs redis-server',
  ]);
  expect(judge({ setting: 'MONGODB_URL' }, null)).toEqual(['not reachable here', 'MONGODB_URL is not set']);
});

it('shows one line for each implementation', () => {
  const rows = judgeConformance({ suites: conformanceSuites, reports: new Map(), settings: {} });
  expect(renderConformance(rows).trim().split('\n')).toHaveLength(conformanceSuites.length + 2);
});

function testFiles(): string[] {
  return readdirSync(join(root, 'packages')).flatMap((name) => {
    const folder = join('packages', name, 'test');
    if (!existsSync(join(root, folder))) return [];
    const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
    return files.filter((file) => file.endsWith('.test.ts')).map((file) => join(folder, file));
  });
}

it('knows every file that runs a port’s suite', () => {
  const pattern =
    /^\s*(testObjectStorePort|testS3ObjectStore|testModelServerPort|testTracker|describeDocumentStore)\(/m;
  const files = testFiles().filter((file) => pattern.test(readFileSync(join(root, file), 'utf8')));
  const known = new Set((['unit', 'loop', 'db', 'db on MongoDB'] as const).flatMap(filesOf));
  expect(files.filter((file) => !known.has(file))).toEqual([]);
  expect([...known].filter((file) => !existsSync(join(root, file)))).toEqual([]);
});
