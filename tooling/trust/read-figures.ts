import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { allPromises, type Figures } from './trust-page.ts';

interface Report {
  testResults: {
    name: string;
    assertionResults: { title: string; status: string; duration?: number | null }[];
  }[];
}

/** From Vitest's JSON reports in a folder, one of each kind of test. Suites are found under the files that run them. */
export function readFigures(folder: string): Figures {
  const reports = readdirSync(folder).filter((file) => file.endsWith('.json'));
  const results = reports.flatMap(
    (file) => (JSON.parse(readFileSync(join(folder, file), 'utf8')) as Report).testResults,
  );
  const asserted = results.flatMap(({ name, assertionResults }) => assertionResults.map((one) => ({ ...one, name })));
  return Object.fromEntries(
    allPromises.flatMap(({ id, tests }) => {
      const own = tests.flatMap(({ file, titles }) =>
        asserted.filter((one) => isOf(one.name, file) && titles.some((title) => matches(one.title, title))),
      );
      if (own.length === 0) return [];
      const passed = own.filter(({ status }) => status === 'passed').length;
      const seconds = own.reduce((sum, { duration }) => sum + (duration ?? 0), 0) / 1000;
      return [
        [
          id,
          {
            passed,
            failed: own.filter(({ status }) => status === 'failed').length,
            seconds: Math.round(seconds * 10) / 10,
          },
        ],
      ];
    }),
  );
}

/** A suite is a module that several test files run: it counts wherever its titles turn up. */
const isOf = (name: string, file: string): boolean => !/\.test\.ts$/.test(file) || name.endsWith(file);

/** Titles with a placeholder stand for all that may be put there. */
function matches(title: string, wanted: string): boolean {
  const [before = '', after = ''] = wanted.split(/%[a-z]/);
  return title.startsWith(before) && title.includes(after);
}
