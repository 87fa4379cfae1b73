import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtefactParts } from './artefact.ts';
import type { BaseModel } from './catalogue.ts';
import { buildTextEncoder } from './encoders/build-text-encoder.ts';
import { readSafetensors } from './encoders/safetensors.ts';
import { buildUseLiteEncoder } from './encoders/use-lite-encoder.ts';
import { listWeightFiles, readTfjsWeights } from './tfjs-weights.ts';
import { toPlainTokenizer, toUnigramTokenizer } from './tokenizer-file.ts';

async function readJson(folder: string, name: string): Promise<unknown> {
  return JSON.parse(await readFile(join(folder, name), 'utf8'));
}

async function convertBert(folder: string): Promise<ArtefactParts> {
  const tensors = readSafetensors(await readFile(join(folder, 'model.safetensors')));
  return {
    onnx: buildTextEncoder(tensors, await readJson(folder, 'config.json'), { pooling: 'mean', dense: [] }).onnx,
    tokenizer: toPlainTokenizer(await readJson(folder, 'tokenizer.json')),
  };
}

async function convertUseLite(folder: string): Promise<ArtefactParts> {
  const modelJson = await readJson(folder, 'model.json');
  const shards = await Promise.all(listWeightFiles(modelJson).map((name) => readFile(join(folder, name))));
  return {
    onnx: buildUseLiteEncoder(readTfjsWeights(modelJson, Buffer.concat(shards))),
    tokenizer: toUnigramTokenizer(await readJson(folder, 'vocab.json')),
  };
}

const converters: Record<BaseModel['conversion'], (folder: string) => Promise<ArtefactParts>> = {
  'bert-safetensors': convertBert,
  'use-lite-tfjs': convertUseLite,
};

/** Turns a base model's upstream files, already verified, into our graph and tokenizer. */
export function convertFiles(conversion: BaseModel['conversion'], folder: string): Promise<ArtefactParts> {
  return converters[conversion](folder);
}
