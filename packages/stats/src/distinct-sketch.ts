/** Kept per sketch: below it counts are exact, above it the standard error is 1 ÷ √size, about 2 %. */
export const sketchSize = 2_048;

/** Hashes are whole numbers from 0 up to this, evenly spread. */
export const hashSpace = 2 ** 48;

/**
 * Counts different things from their smallest hashes. Adding twice changes nothing, and sketches of parts unite to the
 * sketch of the whole, so one can be kept per hour and added up over months.
 */
export function uniteSketches(sketches: Iterable<readonly number[]>): number[] {
  const hashes = new Set<number>();
  for (const sketch of sketches) for (const hash of sketch) hashes.add(hash);
  return [...hashes].sort((left, right) => left - right).slice(0, sketchSize);
}

/** How many different things a sketch has seen. */
export function countSketch(sketch: readonly number[]): number {
  const largest = sketch.at(-1);
  if (largest === undefined || sketch.length < sketchSize) return sketch.length;
  return Math.round(((sketchSize - 1) * hashSpace) / largest);
}
