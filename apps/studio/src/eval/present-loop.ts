import { buildReport, listRegressions } from './build-report.ts';
import { compareRetrievers, renderRetrievers } from './compare-retrievers.ts';
import type { Measured } from './measure-queries.ts';
import { renderReport } from './render-report.ts';
import type { LoopOutcome } from './run-loop.ts';
import { writeReport } from './write-report.ts';

export interface PresentOptions {
  dataset: string;
  model: string;
  seed: number;
  timings: Readonly<Record<string, number>>;
  /** Lines below all others. */
  more: readonly string[];
  /** Where the report is written as well. */
  json: string | undefined;
}

/** Prints how a loop went, and writes it where that is asked for. */
export async function presentLoop(loop: LoopOutcome, options: PresentOptions): Promise<void> {
  const { dataset, model, seed, timings, more, json } = options;
  const report = buildReport({ ...loop, dataset, model, seed, timings });
  const regressions = Object.fromEntries(loop.splits.map((split) => [split.name, listRegressions(split, loop)]));
  const lines = [
    ...renderReport(report, { evidence: loop.evidence, tiers: loop.tiers, regressions }),
    ...listRetrievers(loop, seed),
    ...more,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  if (json !== undefined) await writeReport(json, report);
}

function listRetrievers({ splits, before, after, unfitted, isLive }: LoopOutcome, seed: number): string[] {
  const render = (title: string, measured: Measured, of = splits) =>
    renderRetrievers(title, compareRetrievers(of, { measured, seed }));
  return [
    ...(unfitted === null ? [] : render('retrievers before any fit', unfitted.measured, unfitted.splits)),
    ...render('retrievers with weights fitted on the sessions', before),
    ...(isLive ? render('retrievers with the trained model', after) : []),
  ];
}
