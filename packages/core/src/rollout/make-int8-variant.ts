import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Int8Variant,
  type ItemRecord,
  type JudgedQuery,
  type ModelRecord,
  type Rollout,
  toStudioError,
  type VectorRow,
} from '@embedding-studio/contracts';
import { sessionsToJudgedQueries } from '@embedding-studio/ml/clicks';
import { type ItemVectors, judgeVariant, measureParity } from '@embedding-studio/ml/quantize';
import { createRandom, shuffle } from '@embedding-studio/ml/ranking';
import { quantile } from '@embedding-studio/stats';
import { sha256 } from '../content-hash.ts';
import type { Ctx } from '../context.ts';
import { loadSplit, splitSeed } from '../fine-tuning/batch-split.ts';
import { fetchArtefact } from '../model/fetch-artefact.ts';
import { int8KeyOf } from '../model/served-artefact.ts';
import { type CandidateModel, encodeCorpus } from './gate/candidate-vectors.ts';
import { chooseCorpus } from './gate/choose-corpus.ts';

const queriesMax = 300;
const timedTexts = 40;
const file = 'model.int8.onnx';

export interface VariantTrial {
  /** Held-out queries to judge by. */
  judged: readonly JudgedQuery[];
  /** What is ranked for them; absent: chosen as the gate does. */
  items?: readonly ItemRecord[];
}

/**
 * Gives a model that passed the gate its int8 variant: made, measured on the gate's held-out queries, kept only if it
 * is good enough, and the verdict recorded in the manifest, where a later call finds it. Whatever goes wrong here, the
 * float encoder serves.
 */
export async function makeInt8Variant(
  ctx: Ctx,
  { model, openTrial }: { model: ModelRecord; openTrial: () => Promise<VariantTrial> },
): Promise<Int8Variant> {
  if (ctx.deps.settings.serveInt8 !== 'auto') return notMade('serving in int8 is switched off');
  const known = model.manifest.variants?.int8;
  if (known !== undefined) return known;
  try {
    const { judged, items } = await openTrial();
    if (judged.length === 0) return notMade('there are no held-out queries to judge it by');
    return await makeAndMeasure(ctx, model, { items, judged: drawQueries(judged) });
  } catch (error) {
    ctx.signal?.throwIfAborted();
    const reason = toStudioError(error).message;
    ctx.deps.log.warn({ modelId: model.id, reason }, 'no int8 variant was made');
    return notMade(reason);
  }
}

/** For what passed the gate while variants were switched off, or before the gate made them. */
export async function makeMissingVariant(
  ctx: Ctx,
  { model, rollout }: { model: ModelRecord; rollout: Rollout },
): Promise<void> {
  const { artefactKey } = model;
  const { batchId } = rollout;
  if (batchId === null) return;
  const openTrial = async () => {
    const split = await loadSplit(ctx, { artefactKey, batchId });
    return sessionsToJudgedQueries([...split.heldOut, ...split.heldOutUnseen]);
  };
  await makeInt8Variant(ctx, { model, openTrial });
}

export function notMade(why: string): Int8Variant {
  const unmeasured = { speedup: null, deltaNdcg10: null, deltaNdcg10Mixed: null, queries: 0 };
  return { file: null, kept: false, why: `Not made: ${why}.`, ...unmeasured };
}

function drawQueries(judged: readonly JudgedQuery[]): JudgedQuery[] {
  return shuffle([...judged], createRandom(splitSeed)).slice(0, queriesMax);
}

async function makeAndMeasure(ctx: Ctx, model: ModelRecord, trial: VariantTrial): Promise<Int8Variant> {
  const { judged } = trial;
  const { folder } = await fetchArtefact(ctx, model);
  const made = `${folder}-int8`;
  const signal = ctx.signal ?? new AbortController().signal;
  await ctx.deps.trainer.quantizeModel({ modelFolder: folder, outputFolder: made, signal });
  const items = trial.items ?? (await chooseItems(ctx, judged));
  const asked = { imageModelId: model.id, items, judged };
  const float = await encodeSide(ctx, { folder, artefactKey: model.artefactKey, ...asked });
  const int8 = await encodeSide(ctx, { folder: made, artefactKey: int8KeyOf(model.artefactKey), ...asked });
  const speedup = await measureSpeedup(ctx, { folders: [folder, made], judged, items });
  const variant = judgeVariant(await measureParity({ judged, float, int8 }), speedup);
  await storeVariant(ctx, { model, variant, path: join(made, 'model.onnx') });
  if (!variant.kept) {
    await ctx.deps.objects.deleteObjects(int8KeyOf(model.artefactKey));
    await rm(made, { recursive: true, force: true });
  }
  ctx.deps.log.info({ modelId: model.id, kept: variant.kept, why: variant.why }, 'int8 variant measured');
  return variant;
}

function chooseItems(ctx: Ctx, judged: readonly JudgedQuery[]): Promise<ItemRecord[]> {
  return chooseCorpus(ctx, { needed: new Set(judged.flatMap((query) => query.judged)), seed: splitSeed });
}

interface SideInput extends CandidateModel {
  items: readonly ItemRecord[];
  judged: readonly JudgedQuery[];
}

async function encodeSide(ctx: Ctx, { items, judged, ...model }: SideInput) {
  const onItems = async () => ctx.signal?.throwIfAborted();
  const rows = await encodeCorpus(ctx, { model, items, onItems });
  const texts = judged.map(({ text }) => text);
  const signal = ctx.signal ?? new AbortController().signal;
  const queries = await ctx.deps.trainer.encode({ modelFolder: model.folder, texts, kind: 'query', signal });
  return { queries, items: toItemVectors(rows) };
}

function toItemVectors(rows: readonly VectorRow[]): ItemVectors {
  return { itemIds: rows.map(({ itemId }) => itemId), vectors: rows.map(({ vector }) => vector) };
}

/** Queries and item texts in equal parts, each alone and in turns: what both the search and the index feel. */
async function measureSpeedup(
  ctx: Ctx,
  input: { folders: string[]; judged: readonly JudgedQuery[]; items: readonly ItemRecord[] },
): Promise<number> {
  const texts = [
    ...input.judged.slice(0, timedTexts).map(({ text }) => text),
    ...input.items.slice(0, timedTexts).flatMap(({ parts }) => parts.slice(0, 1)),
  ];
  const signal = ctx.signal ?? new AbortController().signal;
  const [float = [], int8 = []] = await ctx.deps.trainer.timeQueries({ modelFolders: input.folders, texts, signal });
  const ratios = float.map((ms, at) => ms / (int8[at] ?? Number.NaN));
  return quantile(Float64Array.from(ratios).sort(), 0.5);
}

async function storeVariant(
  ctx: Ctx,
  { model, variant, path }: { model: ModelRecord; variant: Int8Variant; path: string },
): Promise<void> {
  const { manifest, artefactKey } = model;
  const files = { ...manifest.files };
  if (variant.kept) {
    files[file] = sha256(await readFile(path));
    await ctx.deps.objects.putFile(`${artefactKey}${file}`, path);
  }
  const changed = { ...manifest, files, variants: { ...manifest.variants, int8: variant } };
  await ctx.deps.objects.putObject(`${artefactKey}manifest.json`, Buffer.from(JSON.stringify(changed, null, 2)));
  await ctx.deps.models.updateModelManifest(model.id, changed);
}
