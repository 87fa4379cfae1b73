import {
  type EmbedRequest,
  type Encoder,
  type ModelManifest,
  noTelemetry,
  StudioError,
  type Telemetry,
} from '@embedding-studio/contracts';
import { loadTokenizer, planLengthBatches, type TextTokenizer, type TokenBatch } from '@embedding-studio/ml/text';
import type { ModelServerClient } from './client.ts';
import { RecentVectors } from './query-cache.ts';
import { readRow } from './read-row.ts';
import type { Tensor } from './tensor-protocol.ts';

export interface EncoderSettings {
  server: Pick<ModelServerClient, 'infer' | 'loadModel'>;
  /** Manifest and tokenizer.json of a registered model. */
  readModel(modelId: string): Promise<{ manifest: ModelManifest; tokenizerJson: string }>;
  /** Texts per request to the server. */
  batchRows: number;
  /** Requests in flight at once for one call. */
  parallel: number;
  /** Vectors of single queries kept in memory; 0 keeps none. */
  queryCacheEntries: number;
  /** Told whether a query's vector was known. */
  telemetry?: Telemetry;
}

/** Tokenizers that are kept; each takes megabytes, and every rollout brings another. */
const modelsMax = 8;

interface OpenModel {
  manifest: ModelManifest;
  tokenizer: TextTokenizer;
}

/** The Encoder port over a KServe v2 server: tokenises here, sorts by length, sends padded batches. */
export function createEncoder(settings: EncoderSettings): Encoder {
  const { telemetry = noTelemetry } = settings;
  const models = new Map<string, Promise<OpenModel>>();
  const recent = new RecentVectors(settings.queryCacheEntries);
  const open = (modelId: string): Promise<OpenModel> => {
    const known = models.get(modelId) ?? openModel(settings, modelId);
    models.delete(modelId);
    models.set(modelId, known);
    const [longestUnused] = models.keys();
    if (models.size > modelsMax && longestUnused !== undefined) models.delete(longestUnused);
    // A failed read must not be remembered.
    known.catch(() => models.delete(modelId));
    return known;
  };
  return {
    async embed(request) {
      if (request.texts.length === 0) return [];
      const key =
        request.kind === 'query' && request.texts.length === 1 ? `${request.modelId} ${request.texts[0]}` : null;
      const known = key === null ? undefined : recent.find(key);
      if (key !== null)
        telemetry.count('embedding_studio_query_cache_lookups_total', { result: known === undefined ? 'miss' : 'hit' });
      if (known !== undefined) return [known];
      const model = await open(request.modelId);
      const vectors = await embedTexts(settings, model, request);
      if (key !== null && vectors[0] !== undefined && settings.queryCacheEntries > 0) recent.keep(key, vectors[0]);
      return vectors;
    },
  };
}

async function openModel(settings: EncoderSettings, modelId: string): Promise<OpenModel> {
  const { manifest, tokenizerJson } = await settings.readModel(modelId);
  return { manifest, tokenizer: loadTokenizer(tokenizerJson, { maxTokens: manifest.maxTokens }) };
}

async function embedTexts(settings: EncoderSettings, model: OpenModel, request: EmbedRequest): Promise<Float32Array[]> {
  const { manifest, tokenizer } = model;
  const prefix = request.kind === 'query' ? manifest.queryPrefix : manifest.itemPrefix;
  const rows = request.texts.map((text) => tokenizer.tokenize(prefix + text));
  const batches = planLengthBatches(
    rows.map((row) => row.length),
    settings.batchRows,
  );
  const vectors: Float32Array[] = new Array(rows.length);
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let batch = batches[next++]; batch !== undefined; batch = batches[next++]) {
      const padded = tokenizer.padRows(batch.map((index) => rows[index] ?? []));
      const output = await inferWithLoading(settings, { manifest, padded, request });
      for (const [row, index] of batch.entries()) vectors[index] = readRow(output, { row, dims: manifest.dims });
    }
  };
  await Promise.all(Array.from({ length: Math.min(settings.parallel, batches.length) }, lane));
  return vectors;
}

interface InferJob {
  manifest: ModelManifest;
  padded: TokenBatch;
  request: EmbedRequest;
}

/** A restarted server has forgotten its models: load and try once more. */
async function inferWithLoading(settings: EncoderSettings, job: InferJob): Promise<Tensor> {
  const { modelId, kind, signal } = job.request;
  const inputs = toTensors(job.manifest, job.padded);
  const send = () =>
    settings.server.infer({
      model: modelId,
      inputs,
      output: job.manifest.output,
      priority: kind === 'query' ? 1 : 2,
      signal,
    });
  try {
    return await send();
  } catch (error) {
    if (!(error instanceof StudioError) || error.code !== 'MODEL_NOT_FOUND') throw error;
    await settings.server.loadModel(modelId);
    return send();
  }
}

function toTensors(manifest: ModelManifest, batch: TokenBatch): Tensor[] {
  const values = { input_ids: batch.inputIds, attention_mask: batch.attentionMask, token_type_ids: batch.tokenTypeIds };
  return manifest.inputs.map((name) => ({
    name,
    datatype: 'INT64',
    shape: [batch.rows, batch.columns],
    values: values[name],
  }));
}
