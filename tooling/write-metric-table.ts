import { readFileSync, writeFileSync } from 'node:fs';
import { metricTablePath, withMetricTable } from './metric-table.ts';

writeFileSync(metricTablePath, withMetricTable(readFileSync(metricTablePath, 'utf8')));
