import { type GateLatency, toStudioError } from '@embedding-studio/contracts';
import { quantile } from '@embedding-studio/stats';
import type { Ctx } from '../../context.ts';
import { defaultGateRules } from '../../evaluation/gate-rules.ts';
import { fetchArtefact } from '../../model/fetch-artefact.ts';

const queriesMax = 100;

/**
 * What encoding a query costs by the live model and by the new one, outside of the model server, which does not have
 * the new one yet. A slow look is repeated once: a busy machine must not cost a good model its place.
 */
export async function measureLatency(
  ctx: Ctx,
  options: { liveModelId: string; folder: string; texts: readonly string[] },
): Promise<GateLatency | null> {
  const texts = options.texts.slice(0, queriesMax);
  if (texts.length === 0) return null;
  const live = await fetchLive(ctx, options.liveModelId);
  if (live === null) return null;
  const signal = ctx.signal ?? new AbortController().signal;
  const look = async (): Promise<GateLatency> => {
    const [before, after] = await ctx.deps.trainer.timeQueries({ modelFolders: [live, options.folder], texts, signal });
    return { queries: texts.length, before: summarise(before ?? []), after: summarise(after ?? []) };
  };
  const first = await look();
  if (ratioOf(first) <= defaultGateRules.latencyRatioMax) return first;
  const second = await look();
  return ratioOf(second) < ratioOf(first) ? second : first;
}

async function fetchLive(ctx: Ctx, modelId: string): Promise<string | null> {
  try {
    return (await fetchArtefact(ctx, await ctx.deps.models.getModel(modelId))).folder;
  } catch (error) {
    ctx.deps.log.warn({ modelId, code: toStudioError(error).code }, 'the live model is not there to be timed');
    return null;
  }
}

function summarise(times: readonly number[]): GateLatency['before'] {
  const sorted = Float64Array.from(times).sort();
  const round = (ms: number) => Math.round(ms * 1_000) / 1_000;
  return { p50Ms: round(quantile(sorted, 0.5)), p95Ms: round(quantile(sorted, 0.95)) };
}

const ratioOf = ({ before, after }: GateLatency): number => after.p95Ms / before.p95Ms;
