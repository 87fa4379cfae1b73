import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { jobCatalog, workerRoles } from '../../packages/contracts/src/job.ts';
import { unknownSettings } from '../containers/known-settings.ts';
import {
  readChartFile,
  readValues,
  unknownInValues,
  valueFiles,
  variablesInTemplates,
} from '../kubernetes/chart-files.ts';

const validate = new Ajv({ strict: false }).compile(JSON.parse(readChartFile('values.schema.json')));
const faultsOf = (values: unknown) =>
  validate(values) ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);

describe('the chart', () => {
  it('says what Helm needs to know', () => {
    const chart = parse(readChartFile('Chart.yaml'));
    expect(chart).toMatchObject({ apiVersion: 'v2', name: 'embedding-studio', type: 'application' });
    expect(chart.version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  it.each(valueFiles)('takes the values of %s by its own schema, with settings that the processes read', (file) => {
    const values = readValues(file);
    expect(faultsOf(values)).toEqual([]);
    expect(unknownInValues(values)).toEqual([]);
  });

  it.each([
    ['a misspelt value', { gatway: {} }],
    ['a tag that moves', { image: { registry: 'r', tag: 'latest' } }],
    ['a secret among the settings', { settings: { stores: { S3_SECRET_ACCESS_KEY: 'x' } } }],
    ['an address with a password among the settings', { settings: { stores: { DATABASE_URL: 'postgres://a:b@c/d' } } }],
    ['standbys among the settings', { settings: { stores: { DATABASE_REPLICA_URLS: 'postgres://a:b@c/d' } } }],
    [
      'no worker that keeps the clock',
      { workers: { ...(readValues(null).workers as object), improvement: { minReplicas: 0 } } },
    ],
  ])('refuses %s', (_what, more) => {
    expect(faultsOf({ ...readValues(null), ...more })).not.toEqual([]);
  });

  it('writes no variable into a template that its process does not read', () => {
    const apps = {
      'gateway.yaml': 'gateway',
      'workers.yaml': 'workers',
      'web.yaml': 'web',
      'model-server.yaml': 'model-server',
      'migrations.yaml': 'gateway',
      '_pods.tpl': 'gateway',
    } as const;
    const faults = variablesInTemplates().flatMap(([template, names]) => {
      const app = apps[template as keyof typeof apps];
      return app === undefined ? names : unknownSettings(app, names);
    });
    expect(faults).toEqual([]);
  });

  it('scales each role by the kinds of tasks that it runs', () => {
    const kinds = JSON.parse(
      /define "studio.kinds" -}}\n(.*){{- end/s.exec(readChartFile('templates', '_kinds.tpl'))?.[1] ?? '',
    );
    const catalog = Object.entries(jobCatalog);
    for (const role of workerRoles)
      expect(new Set(kinds[role]), role).toEqual(
        new Set(catalog.flatMap(([kind, job]) => (job.role === role ? [kind] : []))),
      );
    expect(Object.keys(readValues(null).workers as object).sort()).toEqual([...workerRoles].sort());
  });
});
