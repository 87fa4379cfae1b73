import { z } from 'zod';
import type { Settings } from '../environment.ts';
import { table } from '../terminal/table.ts';
import type { ConformanceStep, ConformanceSuite } from './conformance-suites.ts';

const TestFile = z.object({
  name: z.string(),
  /** Of a file that could not be loaded: why. */
  message: z.string().default(''),
  status: z.string(),
  assertionResults: z.array(z.object({ fullName: z.string(), title: z.string(), status: z.string() })),
});
/** What the test runner's report tells of one run. */
export const ConformanceReport = z.object({ testResults: z.array(TestFile) });
export type ConformanceReport = z.infer<typeof ConformanceReport>;

export interface ConformanceRow {
  suite: ConformanceSuite;
  verdict: 'passed' | 'passed in part' | 'unsupported' | 'failed' | 'not reachable here';
  /** How many tests, or why not. */
  detail: string;
  /** Of an implementation that lacks something: what. */
  lacks?: string;
}

export interface ConformanceRun {
  suites: readonly ConformanceSuite[];
  /** By run; a run that did not happen has none. */
  reports: ReadonlyMap<ConformanceStep, ConformanceReport>;
  settings: Partial<Settings>;
}

/** A suite that could be run and was not has failed. */
export function judgeConformance({ suites, reports, settings }: ConformanceRun): ConformanceRow[] {
  return suites.map((suite) => {
    if (suite.setting !== undefined && settings[suite.setting] === undefined)
      return { suite, verdict: 'not reachable here', detail: `${suite.setting} is not set` };
    const files = reports.get(suite.step)?.testResults.filter(({ name }) => name.endsWith(suite.file)) ?? [];
    return { suite, ...judgeFile(suite, files[0]) };
  });
}

type Judgement = Omit<ConformanceRow, 'suite'>;

function judgeFile(
  { titles = '', lacks }: ConformanceSuite,
  file: ConformanceReport['testResults'][number] | undefined,
): Judgement {
  if (file === undefined) return { verdict: 'failed', detail: 'was not run' };
  const reasons = file.assertionResults.flatMap(({ title }) => /^needs .*/.exec(title)?.[0] ?? []);
  const own = file.assertionResults.filter(({ fullName }) => fullName.startsWith(titles));
  const count = (status: string) => own.filter((test) => test.status === status).length;
  const [passed, failed] = [count('passed'), count('failed')];
  if (failed > 0) return { verdict: 'failed', detail: `${failed} of ${own.length} tests` };
  // `lacks X: …` passes where the implementation still lacks X, and fails in no other way.
  const lacking = own.flatMap(({ title }) => /^lacks (.*?): /.exec(title)?.[1] ?? []);
  if (passed > 0 && lacking.length > 0) return judgeLacking(passed - lacking.length, lacking);
  if (passed > 0) return { verdict: 'passed', detail: `${passed} tests` };
  if (own.length === 0 && reasons.length === 0)
    return { verdict: 'failed', detail: file.message.split('\n')[0] || 'has no test' };
  const [reason] = reasons;
  if (reason !== undefined) return { verdict: 'not reachable here', detail: reason };
  if (lacks !== undefined) return { verdict: 'not reachable here', detail: `needs ${lacks}` };
  return { verdict: 'failed', detail: 'skipped, and does not say why' };
}

function judgeLacking(passed: number, lacking: readonly string[]): Judgement {
  const verdict = passed === 0 ? 'unsupported' : 'passed in part';
  return { verdict, detail: `${passed} tests; ${lacking.length} unsupported`, lacks: lacking.join(', ') };
}

/** Port × implementation, and below what some lack. */
export function renderConformance(rows: readonly ConformanceRow[]): string {
  const cells = rows.map(({ suite, verdict, detail }) => [suite.port, suite.implementation, verdict, detail]);
  const lacking = rows.flatMap(({ suite, lacks }) =>
    lacks === undefined ? [] : `${suite.implementation} lacks, for ${suite.port}: ${lacks}.`,
  );
  return `\n${[...table(['port', 'implementation', 'verdict', 'tests'], cells), ...lacking].join('\n')}\n`;
}
