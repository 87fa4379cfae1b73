import { type Collection, GateReport, type ModelRecord, type Rollout } from '@embedding-studio/contracts';
import type { Ctx } from '../context.ts';
import { searchTag } from '../fine-tuning/track-training.ts';
import { findTrainingRun } from '../fine-tuning/training-run.ts';

export const lineageKinds = ['batch', 'data', 'experiment', 'search', 'run', 'model', 'rollout', 'collection'] as const;
export type LineageKind = (typeof lineageKinds)[number];

export interface LineageNode {
  /** Kind and id: unique in the graph. */
  key: string;
  kind: LineageKind;
  /** In its own world; of `data` the SHA-256 of the training examples. */
  id: string;
  label: string;
  detail: string | null;
  state: string | null;
}

export interface LineageGraph {
  nodes: LineageNode[];
  edges: { from: string; to: string }[];
  /** What was asked about. */
  roots: string[];
}

/** More relatives than these are left out; the nearest are kept. */
const familyMax = 40;
const rolloutsMax = 20;

/** The models, all that they come from and all that comes from them, with everything between. */
export async function drawFamily(
  ctx: Ctx,
  { models, roots }: { models: readonly ModelRecord[]; roots: readonly ModelRecord[] },
): Promise<LineageGraph> {
  const nodes = new Map<string, LineageNode>();
  const edges = new Map<string, LineageGraph['edges'][number]>();
  const drawing: Drawing = {
    live: (await ctx.deps.collections.findLive())?.collectionId ?? null,
    collections: await ctx.deps.collections.listCollections({ after: null, limit: 1_000 }),
    add: (node) => {
      const key = `${node.kind}:${node.id}`;
      nodes.set(key, { key, ...node });
      return key;
    },
    join: (from, to) => edges.set(`${from} ${to}`, { from, to }),
  };
  for (const model of listFamily(models, roots)) await drawModel(ctx, drawing, model);
  const known = [...edges.values()].filter(({ from, to }) => nodes.has(from) && nodes.has(to));
  return { nodes: [...nodes.values()], edges: known, roots: roots.map(({ id }) => `model:${id}`) };
}

interface Drawing {
  live: string | null;
  collections: readonly Collection[];
  add(node: Omit<LineageNode, 'key'>): string;
  join(from: string, to: string): void;
}

function listFamily(models: readonly ModelRecord[], roots: readonly ModelRecord[]): ModelRecord[] {
  const byId = new Map(models.map((model) => [model.id, model]));
  const family = new Map(roots.map((model) => [model.id, model]));
  for (const { manifest } of roots)
    for (let id = manifest.parentId; id !== null && !family.has(id); ) {
      const parent = byId.get(id);
      if (parent === undefined) break;
      family.set(id, parent);
      id = parent.manifest.parentId;
    }
  const descendants = [...roots];
  for (const { id } of descendants)
    for (const child of models)
      if (child.manifest.parentId === id && !family.has(child.id)) {
        family.set(child.id, child);
        descendants.push(child);
      }
  return [...family.values()].slice(0, familyMax);
}

async function drawModel(ctx: Ctx, drawing: Drawing, model: ModelRecord): Promise<void> {
  const { id, name, status, manifest, artefactKey } = model;
  const key = drawing.add({ kind: 'model', id, label: name, detail: manifest.method?.name ?? 'base', state: status });
  const runId = manifest.method === null ? null : await findTrainingRun(ctx, artefactKey);
  const before = runId === null ? key : await drawRun(ctx, drawing, runId);
  if (runId !== null) drawing.join(before, key);
  if (manifest.parentId !== null) drawing.join(`model:${manifest.parentId}`, before);
  if (manifest.trainedOn !== null) drawing.join(await drawData(ctx, drawing, manifest.trainedOn), before);
  const rollouts = await ctx.deps.rollouts.findRollouts({ modelId: id, before: null, limit: rolloutsMax });
  for (const rollout of rollouts) drawRollout(drawing, key, rollout);
  for (const collection of drawing.collections)
    if (collection.modelId === id && !rollouts.some((one) => one.collectionId === collection.id))
      drawing.join(key, drawCollection(drawing, collection.id));
}

async function drawData(
  ctx: Ctx,
  drawing: Drawing,
  { batchId, examples, examplesHash }: { batchId: string; examples: number; examplesHash: string },
): Promise<string> {
  const data = drawing.add({
    ...{ kind: 'data', id: examplesHash, label: `${examples.toLocaleString('en-US')} training queries` },
    ...{ detail: `SHA-256 ${examplesHash.slice(0, 12)}`, state: null },
  });
  const batch = batchId === '' ? null : await ctx.deps.sessions.getBatch(batchId).catch(() => null);
  if (batchId !== '') {
    const sessions = batch === null ? 'removed since' : `${batch.sessionCount.toLocaleString('en-US')} sessions`;
    const state = batch?.status ?? null;
    drawing.join(drawing.add({ kind: 'batch', id: batchId, label: batchId, detail: sessions, state }), data);
  }
  return data;
}

async function drawRun(ctx: Ctx, drawing: Drawing, runId: string): Promise<string> {
  const { tracker } = ctx.deps;
  const run = await tracker.getRun(runId).catch(() => null);
  const key = drawing.add({
    ...{ kind: 'run', id: runId, label: run?.name ?? runId, state: run?.status ?? 'removed' },
    detail: run?.params.method ?? null,
  });
  if (run === null) return key;
  const experiment = await tracker.getExperiment(run.experimentId).catch(() => null);
  if (experiment !== null) {
    const { experimentId: id, name: label } = experiment;
    drawing.join(drawing.add({ kind: 'experiment', id, label, detail: null, state: null }), key);
  }
  const searchId = run.tags[searchTag];
  const search = searchId === undefined ? null : await tracker.getRun(searchId).catch(() => null);
  if (search !== null) {
    const { runId: id, name: label, status: state } = search;
    const detail = `${search.params.trials ?? '?'} trials`;
    drawing.join(drawing.add({ kind: 'search', id, label, detail, state }), key);
  }
  return key;
}

function drawRollout(drawing: Drawing, model: string, rollout: Rollout): void {
  const { id, state, collectionId, isInitial } = rollout;
  const gate = GateReport.safeParse(rollout.gate).data;
  const gain =
    gate === undefined
      ? null
      : `${gate.decision}, nDCG@10 ${gate.delta.mean < 0 ? '−' : '+'}${Math.abs(gate.delta.mean).toFixed(4)}`;
  const key = drawing.add({
    kind: 'rollout',
    id,
    label: id,
    detail: gain ?? (isInitial ? 'first index' : null),
    state,
  });
  drawing.join(model, key);
  if (collectionId !== null) drawing.join(key, drawCollection(drawing, collectionId));
}

function drawCollection(drawing: Drawing, id: string): string {
  const status = drawing.collections.find((one) => one.id === id)?.status ?? 'retired';
  const state = id === drawing.live ? 'live' : status;
  return drawing.add({ kind: 'collection', id, label: id, detail: null, state });
}
