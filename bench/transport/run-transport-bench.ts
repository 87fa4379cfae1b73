import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ModelManifest } from '@embedding-studio/contracts';
import { createModelServer, type ModelServerClient, type Tensor } from '@embedding-studio/integrations/model-server';
import { readSettings } from '../../apps/studio/src/environment.ts';
import { createProgress } from '../../apps/studio/src/terminal/progress.ts';
import { table } from '../../apps/studio/src/terminal/table.ts';
import { alternate, type Comparison } from '../alternate.ts';
import { findModel } from '../loop/open-bench.ts';
import { describeMachine, loadNow } from '../machine.ts';

export interface TransportBenchOptions {
  model: string;
  repeats: number;
  json?: string;
}

interface Case {
  about: string;
  rows: number;
  tokens: number;
  /** Requests that are under way at once. */
  parallel: number;
  requests: number;
}

const cases: readonly Case[] = [
  { about: 'a query, alone', rows: 1, tokens: 8, parallel: 1, requests: 100 },
  { about: 'queries, 8 at once', rows: 1, tokens: 8, parallel: 8, requests: 200 },
  { about: 'a batch of 16 items', rows: 16, tokens: 32, parallel: 1, requests: 10 },
  { about: 'a batch of 64 items', rows: 64, tokens: 32, parallel: 1, requests: 4 },
];

interface Measured extends Case {
  compared: Comparison;
}

/** Inference over gRPC beside HTTP, on one embedded model server in a process of its own. No goal: HTTP is the default. */
export async function runTransportBench(options: TransportBenchOptions): Promise<{ isGoalMissed: boolean }> {
  const progress = createProgress();
  const start = loadNow();
  const model = await findModel(options.model, readSettings());
  const repositoryFolder = await mkdtemp(join(tmpdir(), 'transport-bench-'));
  const server = startServer(repositoryFolder);
  try {
    const { url, grpc } = await readAddresses(server);
    const limits = { repositoryFolder, inferTimeoutMs: 60_000, loadTimeoutMs: 60_000 };
    const [http, overGrpc] = [createModelServer({ url, ...limits }), createModelServer({ url: grpc, ...limits })];
    await http.installModel('bench', join(model.folder, 'model.onnx'), model.manifest);
    await http.loadModel('bench');
    const rows: Measured[] = [];
    for (const one of cases) {
      progress.say(one.about);
      const side = (client: ModelServerClient) => () => askAll(client, model.manifest, one);
      const [ours, bare] = [side(overGrpc), side(http)];
      const names = { ours: { name: 'gRPC', run: ours }, bare: { name: 'HTTP', run: bare } };
      rows.push({ ...one, compared: await alternate({ ...names, repeats: options.repeats }) });
    }
    await overGrpc.close();
    const load = { start, end: loadNow() };
    process.stdout.write(`${render(model.manifest.name, rows)}\n`);
    const report = { machine: describeMachine(), load, model: model.manifest.name, rows };
    if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
    return { isGoalMissed: false };
  } finally {
    server.kill('SIGTERM');
    await rm(repositoryFolder, { recursive: true, force: true });
  }
}

function startServer(repository: string): ChildProcess {
  const program = join(import.meta.dirname, '../../apps/model-server/src/main.ts');
  const args = ['--import', 'tsx', program, '--repository', repository, '--grpc-port', '0', '--threads', '2'];
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
}

async function readAddresses(server: ChildProcess): Promise<{ url: string; grpc: string }> {
  if (server.stdout === null) throw new TypeError('the model server has no output');
  for await (const line of createInterface({ input: server.stdout }))
    if (line.includes('"ready":true')) return JSON.parse(line);
  throw new TypeError('the model server does not start');
}

async function askAll(client: ModelServerClient, manifest: ModelManifest, one: Case): Promise<void> {
  let left = one.requests;
  const lane = async (): Promise<void> => {
    while (left-- > 0)
      await client.infer({ model: 'bench', inputs: makeInputs(manifest, one), output: manifest.output, priority: 1 });
  };
  await Promise.all(Array.from({ length: one.parallel }, lane));
}

function makeInputs(manifest: ModelManifest, { rows, tokens }: Case): Tensor[] {
  const shape = [rows, tokens];
  const ids = new BigInt64Array(rows * tokens).map((_, at) => BigInt(1_000 + ((at * 7) % 900)));
  const values = { input_ids: ids, attention_mask: ids.map(() => 1n), token_type_ids: ids.map(() => 0n) };
  return manifest.inputs.map((name) => ({ name, datatype: 'INT64', shape, values: values[name] }));
}

function render(model: string, rows: readonly Measured[]): string {
  const cells = rows.map(({ about, requests, compared: { ours, bare, timesBare } }) => {
    const ms = (seconds: number) => ((1_000 * seconds) / requests).toFixed(2);
    const spread = `${timesBare.median.toFixed(2)} (${timesBare.min.toFixed(2)} to ${timesBare.max.toFixed(2)})`;
    return [about, ms(bare.seconds.median), ms(ours.seconds.median), spread];
  });
  const heads = ['request', 'HTTP, ms', 'gRPC, ms', 'gRPC over HTTP (low to high)'];
  return [`gRPC beside HTTP, ${model}`, ...table(heads, cells)].join('\n');
}
