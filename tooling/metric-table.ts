import { fileURLToPath } from 'node:url';
import { metricCatalogue, type TelemetryMetric } from '../packages/contracts/src/telemetry/index.ts';

export const metricTablePath = fileURLToPath(new URL('../docs/observability.md', import.meta.url));
const begin = '<!-- metrics: written by `npm run docs:metrics` -->';
const end = '<!-- end of metrics -->';

function rowOf([name, { type, labels, help }]: [string, TelemetryMetric]): string {
  const named = Object.entries(labels).map(([label, bound]) => {
    if (typeof bound === 'number') return `${label} (≤ ${bound})`;
    return bound.length > 8 ? `${label} (${bound.length})` : `${label}: ${bound.join(', ')}`;
  });
  return `| \`${name}\` | ${type} | ${named.join(' · ')} | ${help} |`;
}

/** The page with its table of metrics as the catalogue has it. */
export function withMetricTable(page: string): string {
  const [before = '', rest = ''] = page.split(begin);
  const after = rest.split(end)[1] ?? '';
  const rows = Object.entries(metricCatalogue).map(rowOf);
  const table = ['| metric | type | labels | tells |', '| --- | --- | --- | --- |', ...rows].join('\n');
  return `${before}${begin}\n${table}\n${end}${after}`;
}
