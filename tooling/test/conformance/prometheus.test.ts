import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openTelemetry, serveMetrics } from '@embedding-studio/telemetry/observe';
import { afterAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { type AlertCase, alertCases } from '../../prometheus/alert-cases.ts';
import { findPrometheus } from '../../prometheus/find-prometheus.ts';

interface Rule {
  alert?: string;
  labels?: { severity: string };
  annotations?: { summary: string; runbook: string };
}

const folder = fileURLToPath(new URL('../../../deploy/observability', import.meta.url));
const ruleFiles = readdirSync(join(folder, 'rules')).map((file) => `rules/${file}`);
const alerts = ruleFiles.flatMap(alertsOf);
const programs = findPrometheus();
const scratch = mkdtempSync(join(tmpdir(), 'studio-alerts-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

it('each alert has a case in which it fires and one in which it is silent', () => {
  for (const { alert = '', labels } of alerts) {
    const own = alertCases.filter((each) => each.alert === alert);
    expect(
      own.flatMap(({ fires }) => fires.map(({ severity }) => severity)),
      alert,
    ).toContain(labels?.severity);
    expect(
      own.some(({ fires }) => fires.length === 0),
      alert,
    ).toBe(true);
  }
});

function alertsOf(file: string): Rule[] {
  const { groups } = parse(readFileSync(join(folder, file), 'utf8')) as { groups: { rules: Rule[] }[] };
  return groups.flatMap(({ rules }) => rules).filter(({ alert }) => alert !== undefined);
}

/** As `promtool test rules` takes it. */
function toTest({ alert, at, series, fires }: AlertCase) {
  const expected = fires.map((labels) => ({ exp_labels: labels, exp_annotations: annotationsOf(alert, labels) }));
  return {
    interval: '1m',
    input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
    alert_rule_test: [{ eval_time: at, alertname: alert, exp_alerts: expected }],
  };
}

function annotationsOf(alert: string, labels: Record<string, string>) {
  const rule = alerts.find((each) => each.alert === alert && each.labels?.severity === labels.severity);
  const { summary = '', runbook = '' } = rule?.annotations ?? {};
  return {
    summary: summary.replace(/\{\{ \$labels\.(\w+) \}\}/g, (_all, label: string) => labels[label] ?? ''),
    runbook,
  };
}

function promtool(...args: string[]): { status: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync(programs?.promtool ?? '', args, { encoding: 'utf8' });
  return { status, said: `${stdout}\n${stderr}` };
}

describe.skipIf(programs === null)(`Prometheus itself${programs === null ? ' (not reachable here)' : ''}`, () => {
  it.each(ruleFiles)('fires each alert of %s when it has to, with its words, and otherwise not', (ruleFile) => {
    const own = new Set(alertsOf(ruleFile).map(({ alert }) => alert));
    const tests = alertCases.filter(({ alert }) => own.has(alert)).map(toTest);
    const file = join(scratch, 'alerts.yml');
    writeFileSync(file, stringify({ rule_files: [join(folder, ruleFile)], evaluation_interval: '1m', tests }));
    const { status, said } = promtool('test', 'rules', file);
    expect(said).toContain('SUCCESS');
    expect(status).toBe(0);
  });

  it('takes the configuration', () => {
    const config = readFileSync(join(folder, 'prometheus.yml'), 'utf8');
    mkdirSync(join(scratch, 'secrets'));
    writeFileSync(join(scratch, 'secrets/metrics_token'), 'a token');
    const file = join(scratch, 'prometheus.yml');
    const rules = JSON.stringify(join(folder, 'rules/*.yml'));
    writeFileSync(
      file,
      config.replaceAll('/secrets/', `${scratch}/secrets/`).replace('rules/*.yml', rules.slice(1, -1)),
    );
    const { status, said } = promtool('check', 'config', file);
    expect([status, said]).toEqual([0, expect.stringContaining('SUCCESS')]);
  });

  it('reads what our processes tell, with their token', async () => {
    const telemetry = await openTelemetry({ name: 'workers', version: '0', traces: null });
    telemetry.count('embedding_studio_searches_total', { legs: 'fused', outcome: 'complete' });
    const token = 'a token of sixteen characters';
    const metrics = await serveMetrics({ telemetry, host: '127.0.0.1', port: 0, token });
    const server = await startPrometheus(new URL(metrics.url).host, token);
    try {
      await expect.poll(() => server.ask('embedding_studio_searches_total'), { timeout: 20_000 }).toEqual(['1']);
      expect(await server.ask('up')).toEqual(['1']);
    } finally {
      server.process.kill('SIGKILL');
      await metrics.close();
      await telemetry.close();
    }
  });
});

interface StartedPrometheus {
  process: ChildProcess;
  /** Values of the series that a query finds now. */
  ask(query: string): Promise<string[]>;
}

async function startPrometheus(target: string, token: string): Promise<StartedPrometheus> {
  const port = await freePort();
  const file = join(scratch, 'scrape.yml');
  const job = { job_name: 'workers', authorization: { credentials: token }, static_configs: [{ targets: [target] }] };
  writeFileSync(file, stringify({ global: { scrape_interval: '1s' }, scrape_configs: [job] }));
  const args = [
    `--config.file=${file}`,
    `--storage.tsdb.path=${join(scratch, 'tsdb')}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ];
  const child = spawn(programs?.prometheus ?? '', args, { cwd: scratch, stdio: 'ignore' });
  const ask = async (query: string) => {
    const url = `http://127.0.0.1:${port}/api/v1/query?${new URLSearchParams({ query })}`;
    const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) }).then(
      (response) => response.json() as Promise<{ data: { result: { value: [number, string] }[] } }>,
      () => null,
    );
    return answer?.data.result.map(({ value }) => value[1]) ?? [];
  };
  await sleep(200);
  return { process: child, ask };
}

function freePort(): Promise<number> {
  return new Promise((found) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => found(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
