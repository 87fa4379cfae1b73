import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { DenseLayer, TextEncoderOptions } from '../encoders/build-text-encoder.ts';
import { readSafetensors } from '../encoders/safetensors.ts';
import type { Pooling } from '../encoders/text-graph.ts';
import { type EncoderModule, findJson, invalidCheckpoint } from './checkpoint-layout.ts';

const poolings: Record<string, Pooling | null> = {
  pooling_mode_cls_token: 'cls',
  pooling_mode_mean_tokens: 'mean',
  pooling_mode_max_tokens: 'max',
  pooling_mode_mean_sqrt_len_tokens: null,
  pooling_mode_weightedmean_tokens: null,
  pooling_mode_lasttoken: null,
};

async function readPooling(folder: string): Promise<Pooling> {
  const config = z.record(z.string(), z.unknown()).safeParse(await findJson(folder, 'config.json'));
  if (!config.success) throw invalidCheckpoint('its pooling has no config.json');
  const chosen = Object.keys(poolings).filter((mode) => config.data[mode] === true);
  const [mode = ''] = chosen;
  if (chosen.length !== 1) throw invalidCheckpoint(`its pooling joins ${chosen.length} modes; one is supported`);
  const pooling = poolings[mode];
  if (!pooling) throw invalidCheckpoint(`its pooling is ${mode}; supported are mean, cls and max`);
  return pooling;
}

const DenseConfig = z.object({
  in_features: z.number().int().positive(),
  out_features: z.number().int().positive(),
  bias: z.boolean().default(true),
  activation_function: z.string().default('torch.nn.modules.linear.Identity'),
});

async function readDense(folder: string): Promise<DenseLayer> {
  const config = DenseConfig.safeParse(await findJson(folder, 'config.json'));
  if (!config.success)
    throw invalidCheckpoint(`a dense layer's config.json is unusual: ${z.prettifyError(config.error)}`);
  const { in_features: inner, out_features: outer, bias: hasBias, activation_function: name } = config.data;
  const activation = name.endsWith('.Tanh') ? 'tanh' : name.endsWith('.Identity') ? null : undefined;
  if (activation === undefined) throw invalidCheckpoint(`the activation ${name} of a dense layer is not known here`);
  const bytes = await readFile(join(folder, 'model.safetensors')).catch(() => null);
  if (bytes === null) throw invalidCheckpoint('a dense layer has no model.safetensors');
  return { tensors: readSafetensors(bytes), inner, outer, hasBias, activation };
}

const readers = ['Transformer', 'CLIPModel', 'Pooling', 'Dense', 'Normalize'];

/** How a sentence encoder goes on after its transformer. Plain transformers are pooled by their mean. */
export async function readEncoderOptions(
  modules: readonly EncoderModule[],
  pooling?: Pooling,
): Promise<TextEncoderOptions> {
  const unknown = modules.find(({ type }) => !readers.includes(type));
  if (unknown) throw invalidCheckpoint(`it has a module ${unknown.type}; known: ${readers.join(', ')}`);
  const pool = modules.find(({ type }) => type === 'Pooling');
  const dense: DenseLayer[] = [];
  for (const { type, folder } of modules) if (type === 'Dense') dense.push(await readDense(folder));
  return { pooling: pooling ?? (pool ? await readPooling(pool.folder) : 'mean'), dense };
}

const Prompts = z.looseObject({ prompts: z.record(z.string(), z.string()).default({}) });

/** What is put before queries and items, where the checkpoint says so. */
export async function readPrefixes(root: string): Promise<{ queryPrefix: string; itemPrefix: string }> {
  const { prompts = {} } = Prompts.safeParse(await findJson(root, 'config_sentence_transformers.json')).data ?? {};
  const first = (...names: string[]) => names.map((name) => prompts[name]).find((text) => text !== undefined) ?? '';
  return { queryPrefix: first('query'), itemPrefix: first('document', 'passage', 'corpus') };
}

const sane = z.number().int().positive().max(100_000);

/** The longest text the checkpoint was made for, in tokens; null where it does not say. */
export async function readTokensMax(root: string, transformer: string): Promise<number | null> {
  const sentence = z.looseObject({ max_seq_length: sane });
  const tokenizer = z.looseObject({ model_max_length: sane });
  for (const folder of [transformer, root]) {
    const found = sentence.safeParse(await findJson(folder, 'sentence_bert_config.json'));
    if (found.success) return found.data.max_seq_length;
  }
  return tokenizer.safeParse(await findJson(transformer, 'tokenizer_config.json')).data?.model_max_length ?? null;
}
