/** Kept per sketch: below it counts are exact, above it the standard error is 1 ÷ √size, about 2 %. */
export const sketchSize = 2_048;

/** Hashes are whole numbers from 0 up to this, evenly spread. */
export const hashSpace = 2 ** 48;

/**
 * Counts different things from their smallest hashes. Adding twice changes nothing, and sketches of parts unite to the
 * sketch of the whole, so one can be kept per hour and added up over months.
 */
export function uniteSketches(sketches: Iterable<readonly number[]>): number[] {
  let union: number[] = [];
  for (const sketch of sketches) if (sketch.length > 0) union = merge(union, inOrder(sketch));
  return union;
}

function inOrder(hashes: readonly number[]): readonly number[] {
  for (let at = 1; at < hashes.length; at++)
    if ((hashes[at - 1] ?? 0) > (hashes[at] ?? 0)) return [...hashes].sort((left, right) => left - right);
  return hashes;
}

function merge(left: readonly number[], right: readonly number[]): number[] {
  const union: number[] = [];
  const end = Number.POSITIVE_INFINITY;
  for (let l = 0, r = 0; union.length < sketchSize && (l < left.length || r < right.length); ) {
    const smallest = Math.min(left[l] ?? end, right[r] ?? end);
    union.push(smallest);
    while (left[l] === smallest) l++;
    while (right[r] === smallest) r++;
  }
  return union;
}

/** How many different things a sketch has seen. */
export function countSketch(sketch: readonly number[]): number {
  const largest = sketch.at(-1);
  if (largest === undefined || sketch.length < sketchSize) return sketch.length;
  return Math.round(((sketchSize - 1) * hashSpace) / largest);
}
