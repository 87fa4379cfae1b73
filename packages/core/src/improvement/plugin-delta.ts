import {
  type AdjustmentEvidence,
  type OverlayDelta,
  type SearchPluginStep,
  type StoredEvidence,
  StudioError,
} from '@embedding-studio/contracts';
import { addScaled, dot, normOf } from '@embedding-studio/ml/improvement';
import type { Ctx } from '../context.ts';
import { runPlugin } from '../plugin/run-plugin.ts';

/** Whatever an adjuster wants: no item is served further than this from where it is stored. */
const cosineMin = 0.9;
const unitTolerance = 1e-3;

/**
 * The delta that a collection's vector adjuster asks for. It is given the part nearest to what the item was wanted for;
 * all parts are served with its shift. Null when it failed: then the built-in rule decides.
 */
export async function findPluginDelta(
  ctx: Ctx,
  item: { step: SearchPluginStep; parts: readonly Float32Array[]; stored: readonly StoredEvidence[]; now: Date },
): Promise<OverlayDelta | null> {
  const part = nearestPart(item.parts, item.stored);
  if (part === null) return null;
  const evidence = item.stored.map(
    ({ userKey, query, weight, at }): AdjustmentEvidence => ({
      ...{ vector: query, weight: Math.abs(weight), voice: userKey, at },
      kind: weight > 0 ? 'positive' : 'negative',
    }),
  );
  const outcome = await runPlugin(ctx, item.step, {
    kind: 'vector-adjuster',
    call: (plugin, config) => plugin.adjust({ vector: part.slice(), evidence, now: item.now }, config),
    check: (moved) => checkMoved(part, moved),
  });
  return outcome.ok ? { keep: 1, norm: 1, shift: addScaled(outcome.value, part, -1) } : null;
}

function checkMoved(part: Float32Array, moved: Float32Array): Float32Array {
  const isVector = moved.length === part.length && moved.every(Number.isFinite);
  if (!isVector || Math.abs(normOf(moved) - 1) > unitTolerance)
    throw new StudioError('VERIFICATION_FAILED', 'it answered with something other than a unit vector of the space');
  const cosine = dot(part, moved);
  if (cosine < cosineMin)
    throw new StudioError('VERIFICATION_FAILED', `it moved the item to a cosine of ${cosine.toFixed(3)}`);
  return moved;
}

function nearestPart(parts: readonly Float32Array[], stored: readonly StoredEvidence[]): Float32Array | null {
  const [first] = parts;
  if (first === undefined) return null;
  const wanted = stored.filter(({ weight }) => weight > 0);
  let towards: Float32Array = first.map(() => 0);
  for (const { query, weight } of wanted) towards = addScaled(towards, query, weight);
  return parts.reduce((best, part) => (dot(part, towards) > dot(best, towards) ? part : best), first);
}
