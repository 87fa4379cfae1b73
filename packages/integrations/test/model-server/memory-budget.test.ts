import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { requireMemory } from '../../src/model-server/memory-budget.ts';
import { estimateMemory } from '../../src/model-server/memory-estimate.ts';
import { defaultTritonServing, writeTritonConfig } from '../../src/model-server/triton-config.ts';

let repositoryFolder: string;
const served = (name: string, state = 'READY') => ({ name, state, reason: null });

async function install(name: string, memoryBytes: number): Promise<void> {
  const tensor = { name: 'x', datatype: 'FP32', dims: [4] } as const;
  const graph = { inputs: [tensor], output: tensor };
  await mkdir(join(repositoryFolder, name));
  const config = writeTritonConfig({ name, graph, serving: defaultTritonServing, memoryBytes });
  await writeFile(join(repositoryFolder, name, 'config.pbtxt'), config);
}

beforeAll(async () => {
  repositoryFolder = await mkdtemp(join(tmpdir(), 'memory-budget-'));
  await install('large', 700_000_000);
  await install('small', 200_000_000);
  await install('next', 300_000_000);
});
afterAll(() => rm(repositoryFolder, { recursive: true }));

it('refuses a model that does not fit beside the loaded ones, with the figures', async () => {
  const budget = { repositoryFolder, budgetBytes: 1_000_000_000 };
  const refused = requireMemory(budget, { name: 'next', served: [served('large'), served('small')] });
  await expect(refused).rejects.toMatchObject({
    code: 'MODEL_MEMORY_EXCEEDED',
    message: /next needs about 300 MB, and 2 loaded models take 900 MB of the 1000 MB/,
  });
});

it('counts what is loaded, and nothing else', async () => {
  const budget = { repositoryFolder, budgetBytes: 1_000_000_000 };
  await requireMemory(budget, { name: 'next', served: [served('large'), served('small', 'UNAVAILABLE')] });
  await requireMemory(budget, { name: 'next', served: [served('large'), served('not-ours')] });
  await requireMemory({ ...budget, budgetBytes: 1 }, { name: 'large', served: [served('large')] });
});

it.each([
  // Resident growth by onnxruntime-node 1.30 on one thread, and the model it was measured on.
  ['use-lite', { fileBytes: 27_911_005, dims: 512, maxTokens: 128, rows: 1, measuredMb: 72 }],
  ['use-lite', { fileBytes: 27_911_005, dims: 512, maxTokens: 128, rows: 64, measuredMb: 228 }],
  ['minilm-l6', { fileBytes: 90_000_000, dims: 384, maxTokens: 256, rows: 16, measuredMb: 299 }],
  ['minilm-l6', { fileBytes: 90_000_000, dims: 384, maxTokens: 256, rows: 64, measuredMb: 755 }],
])('estimates no less than was measured of %s, and no more than half above it', (_, measured) => {
  const { fileBytes, dims, maxTokens, rows, measuredMb } = measured;
  const serving = { maxBatchRows: rows, instances: 1 };
  const estimated = estimateMemory({ fileBytes, manifest: { dims, maxTokens }, serving }) / 2 ** 20;
  expect(estimated).toBeGreaterThanOrEqual(measuredMb);
  expect(estimated).toBeLessThan(measuredMb * 1.5);
});
