import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openMetrics } from '@embedding-studio/telemetry/observe';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { metricCatalogue, type TelemetryMetric } from '../../packages/contracts/src/telemetry/index.ts';
import { parsePromql, type Selector } from './promql.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const folder = join(repository, 'deploy/observability');
const read = (path: string) => readFileSync(join(folder, path), 'utf8');

interface Rule {
  alert?: string;
  record?: string;
  expr: string;
  for?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}
const rules: Rule[] = readdirSync(join(folder, 'rules')).flatMap((file) => {
  const { groups } = parse(read(`rules/${file}`)) as { groups: { rules: Rule[] }[] };
  return groups.flatMap((group) => group.rules);
});
const alerts = rules.filter((rule): rule is Rule & { alert: string } => rule.alert !== undefined);
const recorded = new Set(rules.flatMap(({ record }) => record ?? []));

interface Panel {
  id: number;
  title: string;
  description: string;
  gridPos: { x: number; y: number; w: number; h: number };
  targets: { expr: string }[];
}
interface Dashboard {
  uid: string;
  title: string;
  panels: Panel[];
}
const dashboards = readdirSync(join(folder, 'grafana/dashboards'))
  .filter((file) => file.endsWith('.json'))
  .map((file) => JSON.parse(read(`grafana/dashboards/${file}`)) as Dashboard);

const queries: [string, string][] = [
  ...rules.map(({ alert, record, expr }): [string, string] => [alert ?? record ?? '', expr]),
  ...dashboards.flatMap(({ title, panels }) =>
    panels.flatMap((panel) => panel.targets.map(({ expr }): [string, string] => [`${title}: ${panel.title}`, expr])),
  ),
];

/** Metrics of Prometheus itself, node_exporter and postgres_exporter. */
const foreign = [
  ...['up', 'node_filesystem_avail_bytes', 'node_filesystem_size_bytes', 'node_textfile_mtime_seconds'],
  'pg_replication_lag_seconds',
];
/** Of every series: what Prometheus adds. */
const targetLabels = ['job', 'instance'];
const catalogue: Record<string, TelemetryMetric> = metricCatalogue;
let ofProcess: string[] = [];
beforeAll(async () => {
  const metrics = openMetrics();
  const { text } = await metrics.scrape();
  const told = text.split('\n').flatMap((line) => /^# TYPE (\S+)/.exec(line)?.[1] ?? []);
  ofProcess = told.filter((name) => !(name in catalogue));
  metrics.close();
});

/** A histogram is asked for by the names of its series. */
function findMetric(name: string): TelemetryMetric | undefined {
  const base = name.replace(/_(bucket|count|sum)$/, '');
  const found = catalogue[name] ?? catalogue[base];
  return found?.type === 'histogram' && name === base ? undefined : found;
}

function faultsOf({ metric, matchers }: Selector): string[] {
  if (foreign.includes(metric) || recorded.has(metric)) return [];
  const found = findMetric(metric);
  if (found === undefined) return ofProcess.includes(metric) ? [] : [`nobody tells ${metric}`];
  return matchers.flatMap(({ label, op, value }) => {
    if (targetLabels.includes(label)) return [];
    if (label === 'le') return found.buckets?.includes(Number(value)) ? [] : [`${metric} has no bucket ${value}`];
    const bound = found.labels[label];
    if (bound === undefined) return [`${metric} has no label ${label}`];
    const isNamed = typeof bound === 'number' || op.includes('~') || bound.includes(value);
    return isNamed ? [] : [`${label} of ${metric} is never ${value}`];
  });
}

describe.each(queries)('%s', (_name, expr) => {
  it('is PromQL over metrics, labels and buckets that somebody tells', () => {
    const { faults, selectors, groupings } = parsePromql(expr);
    expect(faults).toEqual([]);
    expect(selectors.length).toBeGreaterThan(0);
    expect(selectors.flatMap(faultsOf)).toEqual([]);
    const own = selectors.flatMap(({ metric }) => Object.keys(findMetric(metric)?.labels ?? {}));
    const known = [...own, ...targetLabels, 'le', ...(selectors.some(isForeign) ? ['mountpoint'] : [])];
    expect(groupings.filter((label) => !known.includes(label))).toEqual([]);
  });
});

function isForeign({ metric }: Selector): boolean {
  return foreign.includes(metric);
}

describe.each(alerts)('alert $alert', ({ alert, for: wait, labels, annotations }) => {
  it('says how bad it is, what it means and what to do', () => {
    expect(['page', 'ticket']).toContain(labels?.severity);
    expect(wait).toMatch(/^\d+[mh]$/);
    expect(annotations?.summary).toMatch(/^[A-Z].{20,}[^.]$/);
    const slug = alert.replace(/(?<!^)(?=[A-Z])/g, '-').toLowerCase();
    expect(annotations?.runbook).toBe(`docs/runbooks/${slug}.md`);
    const page = readFileSync(join(repository, annotations?.runbook ?? ''), 'utf8');
    expect(page).toContain(`# ${alert}`);
    for (const part of ['What it means', 'Look', 'Act', 'Over']) expect(page).toContain(`**${part}.**`);
  });

  it('names in its summary only labels that the query keeps', () => {
    const used = [...(annotations?.summary ?? '').matchAll(/\$labels\.(\w+)/g)].map(([, label]) => label);
    const kept = rules.filter((rule) => rule.alert === alert).flatMap(({ expr }) => parsePromql(expr).groupings);
    expect(used.filter((label) => !kept.includes(label ?? ''))).toEqual([]);
  });
});

it('what is no PromQL, or asks for what nobody tells, would be noticed', () => {
  expect(parsePromql('sum(rate(up[5m))').faults).not.toEqual([]);
  const asked = [
    'embedding_studio_searches',
    'embedding_studio_searches_total{leg="fused"}',
    'embedding_studio_searches_total{outcome="wrong"}',
    'embedding_studio_search_duration_seconds_bucket{le="0.3"}',
    'embedding_studio_search_duration_seconds',
  ];
  for (const query of asked) expect(parsePromql(query).selectors.flatMap(faultsOf)).toHaveLength(1);
});

it('every objective is watched over a long and a short window, for pages and for tickets', () => {
  for (const objective of ['SearchAvailabilityBurn', 'SearchLatencyBurn']) {
    const own = alerts.filter(({ alert }) => alert === objective);
    expect(own.map(({ labels }) => labels?.severity).sort()).toEqual(['page', 'ticket']);
    for (const { expr } of own) expect(new Set(parsePromql(expr).selectors.map(({ metric }) => metric)).size).toBe(4);
  }
});

it.each(dashboards)('dashboard $title lays its panels beside each other, each explained', ({ uid, panels }) => {
  expect(uid).toMatch(/^embedding-studio-/);
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`),
  );
  expect(new Set(cells).size).toBe(cells.length);
  for (const { description, gridPos } of panels) {
    expect(description).toMatch(/\.$/);
    expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
  }
});

it('Prometheus, the collector and Grafana find what they are pointed at', () => {
  const prometheus = parse(read('prometheus.yml'));
  expect(prometheus.rule_files).toEqual(['rules/*.yml']);
  const jobs = prometheus.scrape_configs.map(({ job_name }: { job_name: string }) => job_name);
  const named = queries.flatMap(([, expr]) => parsePromql(expr).selectors.flatMap(({ matchers }) => matchers));
  for (const { label, value } of named) if (label === 'job') expect(jobs).toContain(value);

  const { receivers, processors, exporters, extensions, service } = parse(read('otel-collector.yml'));
  const { traces } = service.pipelines;
  for (const name of traces.receivers) expect(receivers).toHaveProperty(name);
  for (const name of traces.processors) expect(processors).toHaveProperty(name);
  for (const name of traces.exporters) expect(exporters).toHaveProperty(name);
  for (const name of service.extensions) expect(extensions).toHaveProperty(name);

  const { datasources } = parse(read('grafana/datasources/prometheus.yml'));
  const used = new Set(
    [...JSON.stringify(dashboards).matchAll(/"type":"prometheus","uid":"([^"]+)"/g)].map(([, uid]) => uid),
  );
  expect([...used]).toEqual(datasources.map(({ uid }: { uid: string }) => uid));
  expect(existsSync(join(folder, 'grafana/dashboards/dashboards.yml'))).toBe(true);
});

/** Where each service of compose tells its metrics: METRICS_PORT of its image, or the port of the gateway itself. */
function metricsPorts(): Map<string, number> {
  const ports = new Map([['gateway', 8300]]);
  for (const stage of readFileSync(join(repository, 'docker/Dockerfile'), 'utf8').split(/^FROM /m)) {
    const [, name = ''] = /^\S+ AS (\S+)/.exec(stage) ?? [];
    const [, port] = /\bMETRICS_PORT=(\d+)/.exec(stage) ?? [];
    if (port !== undefined) ports.set(name, Number(port));
  }
  return ports;
}

it('every process is asked for its metrics, on the port on which its image tells them', () => {
  const ports = metricsPorts();
  const { services } = parse(readFileSync(join(repository, 'docker/compose.yml'), 'utf8'), { merge: true });
  const own = Object.keys(services).filter((name) => /^(gateway|web|workers-)/.test(name));
  const { scrape_configs } = parse(read('prometheus.yml'));
  const targets = new Map<string, number>(
    scrape_configs.flatMap(({ dns_sd_configs }: { dns_sd_configs: { names: string[]; port: number }[] }) =>
      dns_sd_configs.flatMap(({ names, port }) => names.map((name) => [name, port] as const)),
    ),
  );
  expect(own.length).toBeGreaterThan(4);
  for (const name of [...own, 'model-server'])
    expect([name, targets.get(name)]).toEqual([name, ports.get(name.replace(/^workers-.*/, 'workers'))]);
});

describe('Alertmanager', () => {
  /** What its script makes of settings, with `true` in the place of the program; files of secrets by name. */
  function configure(settings: Record<string, string>) {
    const place = mkdtempSync(join(tmpdir(), 'alertmanager-'));
    try {
      const config = join(place, 'alertmanager.yml');
      const env = {
        PATH: process.env.PATH,
        ALERT_CONFIG: config,
        ALERT_SECRETS: place,
        ALERTMANAGER: 'true',
        ...settings,
      };
      execFileSync('/bin/sh', [join(folder, 'alertmanager/start.sh')], { env, stdio: 'pipe' });
      const parsed = parse(readFileSync(config, 'utf8').replaceAll(place, '/secrets'));
      const others = readdirSync(place).filter((name) => name !== 'alertmanager.yml');
      return {
        parsed,
        secrets: Object.fromEntries(others.map((name) => [name, readFileSync(join(place, name), 'utf8')])),
      };
    } finally {
      rmSync(place, { recursive: true });
    }
  }
  const email = {
    ...{ ALERT_EMAIL_TO: 'on-call@example.org', ALERT_EMAIL_FROM: 'studio@example.org', ALERT_SMTP_HOST: 'mail:587' },
    ...{ ALERT_SMTP_USER: 'studio', ALERT_SMTP_PASSWORD_FILE: '/run/smtp_password' },
  };

  it('tells nobody by default, and every severity of an alert has a way through', () => {
    const { parsed, secrets } = configure({});
    expect(parsed.receivers).toEqual([{ name: 'team' }]);
    expect(secrets).toEqual({});
    expect([
      parsed.route.receiver,
      ...parsed.route.routes.map((route: { receiver: string }) => route.receiver),
    ]).toEqual([...['team', 'team']]);
    expect(JSON.stringify(parsed.route.routes)).toContain('page');
  });

  it('tells a webhook, and people by e-mail, with secrets in files alone', () => {
    const hook = 'https://chat.example/hooks/s3cret';
    const { parsed, secrets } = configure({ ALERT_WEBHOOK_URL: hook, ...email });
    const [team] = parsed.receivers;
    expect(team.webhook_configs).toEqual([{ url_file: '/secrets/webhook_url', send_resolved: true }]);
    expect(team.email_configs).toEqual([
      {
        ...{ to: email.ALERT_EMAIL_TO, from: email.ALERT_EMAIL_FROM, smarthost: email.ALERT_SMTP_HOST },
        ...{ auth_username: 'studio', auth_password_file: '/run/smtp_password', send_resolved: true },
      },
    ]);
    expect(secrets).toEqual({ webhook_url: hook });
    expect(JSON.stringify(parsed)).not.toContain('s3cret');
  });

  it.each([
    [{ ALERT_WEBHOOK_URL: 'chat.example' }, /ALERT_WEBHOOK_URL: must start/],
    [{ ALERT_EMAIL_TO: 'a@b' }, /ALERT_EMAIL_FROM: is needed/],
    [{ ...email, ALERT_EMAIL_TO: "a'b" }, /ALERT_EMAIL_TO: must not hold quotes/],
  ])('refuses %j, naming the setting', (settings, message) => {
    expect(() => configure(settings)).toThrow(message);
  });
});
