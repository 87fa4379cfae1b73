import { repositoryRoot } from '../source-files.ts';
import { type RatchetReport, ratchetReport, type Spread } from './ratchet-report.ts';

const spread = ({ median, p95, max, longest }: Spread) => `${median} / ${p95} / ${max}  (${longest})`;

function rowsOf(report: RatchetReport): [string, string][] {
  return [
    ['source files', String(report.files)],
    ['source lines', String(report.lines)],
    ['lines per file: median / p95 / max', spread(report.fileLines)],
    ['functions', String(report.functions)],
    ['lines per function: median / p95 / max', spread(report.functionLines)],
    ['files over 300 lines', String(report.filesOverLimit.length)],
    ['functions over 60 lines', String(report.functionsOverLimit.length)],
    ['runtime import cycles', String(report.cycles.length)],
    ['any', String(report.anyCount)],
    ['suppressions', String(report.suppressions)],
    ['comment share', `${(report.commentShare * 100).toFixed(1)} %`],
    ['test files / lines', `${report.testFiles} / ${report.testLines}`],
    ['test : source lines', report.testToSource.toFixed(2)],
  ];
}

const report = ratchetReport(repositoryRoot);
if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
else {
  const rows = rowsOf(report);
  const width = Math.max(...rows.map(([name]) => name.length));
  process.stdout.write(`${rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n')}\n`);
  const faults = [
    ...report.filesOverLimit,
    ...report.functionsOverLimit,
    ...report.cycles.map((cycle) => cycle.join(' -> ')),
  ];
  for (const fault of faults) process.stdout.write(`  ! ${fault}\n`);
}
