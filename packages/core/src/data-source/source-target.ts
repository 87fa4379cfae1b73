import {
  type DataSourceRecord,
  FieldMapping,
  ItemProcessing,
  isStudioError,
  type Loader,
  plainProcessing,
  SecretReference,
  StudioError,
} from '@embedding-studio/contracts';
import { z } from 'zod';
import type { Ctx } from '../context.ts';
import { readPath, withoutPath } from './nested-fields.ts';
import { findLoader, parseConfig, type StoredConfig, secretFieldsOf } from './source-config.ts';

/** A stored source, with changes that are not saved yet; or, without an id, one that is not stored: loader and config. */
export const SourceTarget = z
  .strictObject({
    sourceId: z.string().min(1).max(128).optional(),
    loader: z.string().min(1).max(100).optional(),
    config: z.record(z.string(), z.unknown()).optional(),
    mapping: FieldMapping.optional(),
    processing: ItemProcessing.optional(),
  })
  .superRefine(({ sourceId, loader, config }, check) => {
    const fault = (field: string, message: string) => check.addIssue({ code: 'custom', path: [field], message });
    if (sourceId !== undefined && loader !== undefined) fault('loader', 'a stored source keeps its loader');
    if (sourceId === undefined && loader === undefined) fault('loader', 'is needed where there is no sourceId');
    if (sourceId === undefined && config === undefined) fault('config', 'is needed where there is no sourceId');
  });
export type SourceTarget = z.input<typeof SourceTarget>;

export interface OpenedTarget {
  loader: Loader;
  config: unknown;
  mapping: FieldMapping;
  processing: ItemProcessing;
}

/** Finds the loader and opens the secrets. */
export async function openTarget(ctx: Ctx, target: z.output<typeof SourceTarget>): Promise<OpenedTarget> {
  const { sourceId } = target;
  const source = sourceId === undefined ? null : await ctx.deps.dataSources.getDataSource(sourceId);
  const loader = findLoader(ctx, source?.loader ?? target.loader ?? '');
  const stored = toStored(loader, { config: target.config, source });
  const config = parseConfig(ctx, { sourceId: source?.id ?? '', loader, stored });
  const mapping = target.mapping ?? source?.mapping ?? FieldMapping.parse({});
  return { loader, config, mapping, processing: target.processing ?? source?.processing ?? plainProcessing };
}

/** As it would be stored, but with new secrets left in their places: nothing is kept of them. */
function toStored(
  loader: Loader,
  given: { config?: Record<string, unknown>; source: DataSourceRecord | null },
): StoredConfig {
  const { config, source } = given;
  if (config === undefined) return source ?? { config: {}, sealed: {}, references: {} };
  const stored: StoredConfig = { config, sealed: {}, references: {} };
  for (const field of secretFieldsOf(loader)) {
    const value = readPath(config, field);
    const reference = SecretReference.safeParse(value);
    if (reference.success) stored.references[field] = reference.data;
    if (value === null || reference.success) stored.config = withoutPath(stored.config, field);
    const kept = { sealed: source?.sealed[field], reference: source?.references[field] };
    if (value === undefined && kept.sealed !== undefined) stored.sealed[field] = kept.sealed;
    if (value === undefined && kept.reference !== undefined) stored.references[field] = kept.reference;
  }
  return stored;
}

/** A call of a loader that ends in time. What it throws that is no StudioError is its own fault and is counted. */
export async function callLoader<T>(
  ctx: Ctx,
  call: { loader: Loader; seconds: number; act: (signal: AbortSignal) => Promise<T> },
): Promise<T> {
  const late = AbortSignal.timeout(call.seconds * 1_000);
  const signal = ctx.signal === undefined ? late : AbortSignal.any([ctx.signal, late]);
  const ended = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  try {
    return await Promise.race([call.act(signal), ended]);
  } catch (thrown) {
    if (late.aborted)
      throw new StudioError('SOURCE_UNREACHABLE', `The source did not answer within ${call.seconds} seconds.`);
    throw toLoaderError(ctx, call.loader, thrown);
  }
}

export function toLoaderError(ctx: Ctx, loader: Loader, thrown: unknown): StudioError {
  if (isStudioError(thrown)) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  ctx.deps.plugins.reportFailure(loader, message);
  return new StudioError('INTERNAL', `The loader ${loader.id} failed: ${message}`, { cause: thrown });
}
