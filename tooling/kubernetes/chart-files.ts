import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';
import { type OwnApp, unknownSettings } from '../containers/known-settings.ts';

export const chartFolder = fileURLToPath(new URL('../../deploy/helm/embedding-studio', import.meta.url));

export function readChartFile(...path: string[]): string {
  return readFileSync(join(chartFolder, ...path), 'utf8');
}

type Values = { [key: string]: unknown };

function isMap(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** As Helm lays values over the chart's own: maps merge, all else is replaced. */
function mergeValues(below: Values, above: Values): Values {
  const merged = { ...below };
  for (const [key, value] of Object.entries(above)) {
    const base = merged[key];
    merged[key] = isMap(base) && isMap(value) ? mergeValues(base, value) : value;
  }
  return merged;
}

/** The files of values that are tried; the chart's own alone come first. */
export const valueFiles = [null, ...readdirSync(join(chartFolder, 'ci')).map((name) => join('ci', name))];

export function readValues(file: string | null): Values {
  const own = parse(readChartFile('values.yaml'));
  return file === null ? own : mergeValues(own, parse(readChartFile(file)));
}

const Names = z.record(z.string(), z.unknown()).default({});
const Variables = z.looseObject({
  secrets: z.looseObject({ stores: Names, metrics: Names, web: Names }),
  settings: z.looseObject({ stores: Names, gateway: Names, web: Names, workers: Names }),
});

/** Variables in values that the process which gets them never reads: `app: NAME`. */
export function unknownInValues(values: Values): string[] {
  const { secrets, settings } = Variables.parse(values);
  const names: [OwnApp, object[]][] = [
    ['gateway', [secrets.stores, secrets.metrics, settings.stores, settings.gateway]],
    ['workers', [secrets.stores, secrets.metrics, settings.stores, settings.workers]],
    ['web', [secrets.stores, secrets.web, settings.stores, settings.web]],
    ['model-server', [secrets.metrics]],
  ];
  return names.flatMap(([app, maps]) =>
    unknownSettings(app, maps.flatMap(Object.keys)).map((name) => `${app}: ${name}`),
  );
}

/** Variables that templates write out themselves, by template. */
export function variablesInTemplates(): [string, string[]][] {
  return readdirSync(join(chartFolder, 'templates')).map((name) => [
    name,
    [...readChartFile('templates', name).matchAll(/^ *- name: ([A-Z][A-Z0-9_]+)$/gm)].map((match) => match[1] ?? ''),
  ]);
}
