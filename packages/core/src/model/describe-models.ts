import {
  type Collection,
  type LivePointer,
  type ModelLatency,
  type ModelRecord,
  type Rollout,
  type ServedModel,
  toStudioError,
} from '@embedding-studio/contracts';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { GetModelInput, ListModelsInput } from './list-models.ts';

export interface ModelUse {
  id: string;
  status: Collection['status'];
  isLive: boolean;
  /** What a rollback would return to. */
  isPrevious: boolean;
}

export interface ModelView {
  id: string;
  name: string;
  status: ModelRecord['status'];
  dims: number;
  maxTokens: number;
  licence: string;
  source: string;
  parent: { id: string; name: string } | null;
  method: string | null;
  trainedOn: { batchId: string; examples: number } | null;
  /** All files of the artefact. */
  sizeBytes: number;
  createdAt: Date;
  /** As the model server says; null when it does not know the model or does not answer. */
  serving: { state: string; reason: string | null } | null;
  latency: ModelLatency | null;
  collections: ModelUse[];
  rollouts: Pick<Rollout, 'id' | 'state'>[];
}

export interface ModelsView {
  rows: ModelView[];
  next: string | null;
  /** Why nothing is known of the model server; null when it answers. */
  serverFault: string | null;
}

interface Known {
  served: ServedModel[] | null;
  collections: Collection[];
  live: LivePointer | null;
}

const rolloutsMax = 20;

/** Newest first, each with where it comes from, whether it is loaded, how fast it is, and what uses it. */
export async function describeModels({ ctx, input }: { ctx: Ctx; input: ListModelsInput }): Promise<ModelsView> {
  authorise(ctx, 'model.read');
  const { after, limit } = parseInput(ListModelsInput, input);
  const found = await ctx.deps.models.listModels({ after, limit: Math.min(limit, 200) + 1 });
  const models = found.slice(0, Math.min(limit, 200));
  const { known, serverFault } = await lookAround(ctx);
  const rows = await Promise.all(models.map((model) => viewModel(ctx, model, known)));
  return { rows, next: found.length > models.length ? (models.at(-1)?.id ?? null) : null, serverFault };
}

export interface ModelDetail extends ModelView {
  serverFault: string | null;
  /** From the base model to the parent. */
  ancestors: Pick<ModelRecord, 'id' | 'name' | 'status'>[];
  /** Models that were fine-tuned from it. */
  children: Pick<ModelRecord, 'id' | 'name' | 'status'>[];
  settings: Record<string, unknown> | null;
  /** The fine-tuning task, which names the tracked run too. */
  trainedBy: string | null;
}

/** One model with its family. */
export async function describeModel({ ctx, input }: { ctx: Ctx; input: GetModelInput }): Promise<ModelDetail> {
  authorise(ctx, 'model.read');
  const model = await ctx.deps.models.getModel(parseInput(GetModelInput, input).modelId);
  const { known, serverFault } = await lookAround(ctx);
  const view = await viewModel(ctx, model, known);
  return {
    ...view,
    serverFault,
    ancestors: await listAncestors(ctx, model),
    children: await listChildren(ctx, model.id),
    settings: model.manifest.method?.settings ?? null,
    trainedBy: await findTraining(ctx, view.rollouts),
  };
}

async function lookAround(ctx: Ctx): Promise<{ known: Known; serverFault: string | null }> {
  let serverFault: string | null = null;
  const [served, collections, live] = await Promise.all([
    ctx.deps.modelServer.listServedModels().catch((error: unknown) => {
      serverFault = toStudioError(error).publicMessage;
      return null;
    }),
    ctx.deps.collections.listCollections({ after: null, limit: 1_000 }),
    ctx.deps.collections.findLive(),
  ]);
  return { known: { served, collections, live }, serverFault };
}

async function viewModel(ctx: Ctx, model: ModelRecord, { served, collections, live }: Known): Promise<ModelView> {
  const { id, name, status, manifest, createdAt } = model;
  const { dims, maxTokens, licence, source, parentId, method, trainedOn } = manifest;
  const entry = served?.find((one) => one.name === id);
  const [files, latency, rollouts] = await Promise.all([
    ctx.deps.objects.listObjects(model.artefactKey),
    entry?.state === 'READY' ? ctx.deps.modelServer.findModelLatency(id).catch(() => null) : null,
    ctx.deps.rollouts.findRollouts({ modelId: id, before: null, limit: rolloutsMax }),
  ]);
  const uses = collections.filter((collection) => collection.modelId === id && collection.status !== 'retired');
  return {
    ...{ id, name, status, dims, maxTokens, licence, source, createdAt, latency },
    parent: parentId === null ? null : { id: parentId, name: await nameOf(ctx, parentId) },
    method: method?.name ?? null,
    trainedOn: trainedOn === null ? null : { batchId: trainedOn.batchId, examples: trainedOn.examples },
    sizeBytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    serving: entry === undefined ? null : { state: entry.state, reason: entry.reason },
    collections: uses.map((use) => ({
      ...{ id: use.id, status: use.status },
      isLive: use.id === live?.collectionId,
      isPrevious: use.id === live?.previousCollectionId,
    })),
    rollouts: rollouts.map((rollout) => ({ id: rollout.id, state: rollout.state })),
  };
}

/** A parent may have been taken away since; its id says enough then. */
async function nameOf(ctx: Ctx, id: string): Promise<string> {
  return ctx.deps.models.getModel(id).then(
    ({ name }) => name,
    () => id,
  );
}

const brief = ({ id, name, status }: ModelRecord) => ({ id, name, status });
const generationsMax = 50;

async function listAncestors(ctx: Ctx, model: ModelRecord): Promise<ModelDetail['ancestors']> {
  const line: ModelRecord[] = [];
  for (let id = model.manifest.parentId; id !== null && line.length < generationsMax; ) {
    const parent: ModelRecord | null = await ctx.deps.models.getModel(id).catch(() => null);
    if (parent === null) break;
    line.unshift(parent);
    id = parent.manifest.parentId;
  }
  return line.map(brief);
}

async function listChildren(ctx: Ctx, parentId: string): Promise<ModelDetail['children']> {
  const models = await ctx.deps.models.listModels({ after: null, limit: 1_000 });
  return models.filter(({ manifest }) => manifest.parentId === parentId).map(brief);
}

async function findTraining(ctx: Ctx, rollouts: readonly { id: string }[]): Promise<string | null> {
  if (rollouts.length === 0) return null;
  const filter = { subjects: rollouts.map(({ id }) => id), kinds: ['fine_tuning' as const] };
  const [task] = await ctx.deps.taskSearch.findTasks({ filter, before: null, limit: 1 });
  return task?.id ?? null;
}
