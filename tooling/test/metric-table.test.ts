import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { metricTablePath, withMetricTable } from '../metric-table.ts';

it('docs/observability.md lists every metric as the code has it: otherwise run `npm run docs:metrics`', () => {
  const page = readFileSync(metricTablePath, 'utf8');
  expect(page).toBe(withMetricTable(page));
});
