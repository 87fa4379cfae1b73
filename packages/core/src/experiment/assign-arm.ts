import { type Experiment, layerBuckets } from '@embedding-studio/contracts';
import { sha256 } from '../content-hash.ts';

/** 0 to 9,999, the same for a unit and a key at all times. */
export function bucketOf(key: string, unit: string): number {
  return Number.parseInt(sha256(`${key}\u0000${unit}`).slice(0, 12), 16) % layerBuckets;
}

export function isHeldOut(unit: string, share: number): boolean {
  return bucketOf('holdout', unit) < share * layerBuckets;
}

type Assigning = Pick<Experiment, 'definition' | 'buckets' | 'salt'>;

/**
 * The arm of a unit; null where it does not take part. Pure, so that it can be replayed. Its bucket in the layer decides
 * whether it takes part, another hash which arm it sees: more traffic brings new units and moves none that were there.
 */
export function assignArm({ definition, buckets, salt }: Assigning, unit: string): string | null {
  if (buckets === null) return null;
  const bucket = bucketOf(`layer:${definition.layer}`, unit);
  if (bucket < buckets.from || bucket >= buckets.from + (buckets.to - buckets.from) * definition.traffic) return null;
  const total = definition.arms.reduce((sum, { weight }) => sum + weight, 0);
  const place = ((bucketOf(salt, unit) + 0.5) / layerBuckets) * total;
  let reached = 0;
  for (const { name, weight } of definition.arms) {
    reached += weight;
    if (place < reached) return name;
  }
  return definition.arms.at(-1)?.name ?? null;
}

/** Whether a search has, under each name, one of the wanted values. */
export function isTargeted(
  targeting: Experiment['definition']['targeting'],
  attributes: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(targeting).every(([name, values]) => values.includes(attributes[name] ?? ''));
}
