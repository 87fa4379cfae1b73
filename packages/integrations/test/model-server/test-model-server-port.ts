import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isStudioError, type ModelManifest } from '@embedding-studio/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createModelServer,
  type ModelServerClient,
  readServerMetrics,
  type Tensor,
} from '../../src/model-server/index.ts';
import { writeTinyModel } from './tiny-model.ts';

export interface ServerUnderTest {
  /** `http://host:port` or `grpc://host:port`. */
  url: string;
  repositoryFolder: string;
  /** Absent: of a server that is not ours, and nobody said where it tells them. */
  metricsUrl?: string;
}

const manifest: ModelManifest = {
  ...{ formatVersion: 1, name: 'tiny', dims: 4, maxTokens: 32, inputs: ['input_ids', 'attention_mask'] },
  ...{ output: 'sentence_embedding', queryPrefix: '', itemPrefix: '', parentId: null, method: null, trainedOn: null },
  ...{ licence: 'Apache-2.0', source: 'test', files: { 'model.onnx': '', 'tokenizer.json': '' } },
};
/** The first number of the tiny model's vector: the mean over the tokens of a row of its table. */
const firstOf = (row: readonly number[]) =>
  row.reduce((sum, id) => sum + Math.sin(id * 4 + 1), 0) / Math.max(1, row.length);
const codeOf = (error: unknown) => (isStudioError(error) ? error.code : String(error));

function tokens(rows: readonly (readonly number[])[]): Tensor[] {
  const width = Math.max(...rows.map((row) => row.length));
  const cells = rows.flatMap((row) => Array.from({ length: width }, (_, at) => row[at]));
  const tensor = (name: string, values: bigint[]): Tensor => ({
    ...{ name, datatype: 'INT64', shape: [rows.length, width], values: BigInt64Array.from(values) },
  });
  return [
    tensor(
      'input_ids',
      cells.map((id) => BigInt(id ?? 0)),
    ),
    tensor(
      'attention_mask',
      cells.map((id) => (id === undefined ? 0n : 1n)),
    ),
  ];
}

/** What a KServe v2 server with explicit model control must do: the embedded one and Triton. */
export function testModelServerPort(name: string, server: () => ServerUnderTest): void {
  let client: ModelServerClient;
  let scratch: string;
  const own = `suite-${randomUUID().slice(0, 8)}`;
  const install = async (model: string, scale = 1) => {
    await writeTinyModel(scratch, model, scale);
    await client.installModel(model, join(scratch, model, '1', 'model.onnx'), manifest);
  };
  const infer = (model: string, rows: readonly (readonly number[])[], more: { signal?: AbortSignal } = {}) =>
    client.infer({ model, inputs: tokens(rows), output: 'sentence_embedding', priority: 1, ...more });

  describe(`ModelServer port: ${name}`, () => {
    beforeAll(async () => {
      scratch = await mkdtemp(join(tmpdir(), 'model-server-port-'));
      const limits = { inferTimeoutMs: 20_000, loadTimeoutMs: 60_000 };
      const { url, repositoryFolder } = server();
      client = createModelServer({ url, repositoryFolder, ...limits, namePrefix: `${own}.` });
      await install('one');
      await client.loadModel('one');
    });
    afterAll(async () => {
      for (const { name: model } of await client.listServedModels()) {
        await client.unloadModel(model);
        await client.removeModel(model);
      }
      await client.close();
      await rm(scratch, { recursive: true, force: true });
    });

    it('is ready, and speaks the protocol with binary tensors, model control and statistics', async () => {
      expect(await client.isReady()).toBe(true);
      const { extensions } = await client.describeServer();
      expect(extensions).toEqual(
        expect.arrayContaining(['binary_tensor_data', 'model_repository', 'statistics', 'schedule_policy']),
      );
    });

    it('serves a model from when it is loaded until it is unloaded, however often it is told', async () => {
      await install('control');
      expect(await client.isModelReady('control')).toBe(false);
      for (let time = 0; time < 2; time++) await client.loadModel('control');
      expect(await client.isModelReady('control')).toBe(true);
      expect(await client.listServedModels()).toContainEqual({ name: 'control', state: 'READY', reason: null });
      for (let time = 0; time < 2; time++) await client.unloadModel('control');
      expect(await client.isModelReady('control')).toBe(false);
      expect(await infer('control', [[1]]).catch(codeOf)).toBe('MODEL_NOT_FOUND');
      await client.loadModel('control');
      expect((await infer('control', [[1]])).shape).toEqual([1, 4]);
    });

    it('answers every one of many parallel requests with its own rows', async () => {
      const rows = Array.from({ length: 24 }, (_, at) => [[at % 16, 3], [at % 7]]);
      const answers = await Promise.all(rows.map((some) => infer('one', some)));
      answers.forEach(({ shape, values }, at) => {
        expect(shape).toEqual([2, 4]);
        expect(Number(values[0])).toBeCloseTo(firstOf(rows[at]?.[0] ?? []), 5);
        expect(Number(values[4])).toBeCloseTo(firstOf(rows[at]?.[1] ?? []), 5);
      });
    });

    it('serves the old model while the new one is loaded beside it, under another name', async () => {
      await install('two', 2);
      await client.loadModel('two');
      const [one, two] = await Promise.all([infer('one', [[3]]), infer('two', [[3]])]);
      expect(Number(two.values[0])).toBeCloseTo(2 * Number(one.values[0]), 5);
    });

    it('answers what was asked before a model is unloaded', async () => {
      await install('drained');
      await client.loadModel('drained');
      const asked = Array.from({ length: 16 }, (_, at) => infer('drained', [[at]]));
      // As many as have arrived by now: the first is answered, the others are waiting.
      await asked[0];
      const [answers] = await Promise.all([Promise.allSettled(asked), client.unloadModel('drained')]);
      for (const answer of answers)
        if (answer.status === 'rejected') expect(codeOf(answer.reason)).toBe('MODEL_NOT_FOUND');
      expect(await client.isModelReady('drained')).toBe(false);
    });

    it('tells an unknown model from a wrong input', async () => {
      expect(await infer('absent', [[1]]).catch(codeOf)).toBe('MODEL_NOT_FOUND');
      expect(await client.loadModel('absent').catch(codeOf)).toBe('MODEL_NOT_FOUND');
      expect(await client.findModelLatency('absent')).toBeNull();
      const [ids] = tokens([[1]]);
      const lacking = client.infer({
        ...{ model: 'one', inputs: ids ? [ids] : [], output: 'sentence_embedding', priority: 1 },
      });
      expect(await lacking.catch(codeOf)).toBe('MODEL_INVALID');
    });

    it('counts runs and rows since the model was loaded', async () => {
      const before = await client.findModelLatency('one');
      for (let run = 0; run < 3; run++) await infer('one', [[1, 2], [3]]);
      const after = await client.findModelLatency('one');
      expect((after?.rows ?? 0) - (before?.rows ?? 0)).toBe(6);
      expect((after?.runs ?? 0) - (before?.runs ?? 0)).toBe(3);
      expect(after?.meanMs).toBeGreaterThan(0);
    });

    it('tells the traffic of its models in metrics', async () => {
      const { metricsUrl } = server();
      if (metricsUrl === undefined) return;
      const read = async () => {
        const { models } = await readServerMetrics(metricsUrl, 5_000);
        return models.find(({ model }) => model === `${own}.one`);
      };
      const before = await read();
      for (let run = 0; run < 3; run++) await infer('one', [[1, 2], [3]]);
      const after = await read();
      expect((after?.succeeded ?? 0) - (before?.succeeded ?? 0)).toBe(3);
      expect((after?.rows ?? 0) - (before?.rows ?? 0)).toBe(6);
      expect(after?.computedMs).toBeGreaterThan(before?.computedMs ?? Number.POSITIVE_INFINITY);
    });

    it('takes a bulk request and one whose sender gives up', async () => {
      const bulk = client.infer({ model: 'one', inputs: tokens([[5]]), output: 'sentence_embedding', priority: 2 });
      expect(Number((await bulk).values[0])).toBeCloseTo(firstOf([5]), 5);
      expect(await infer('one', [[1]], { signal: AbortSignal.abort() }).catch(codeOf)).toBe('ABORTED');
    });
  });
}
