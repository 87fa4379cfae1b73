/** Points over all curves of one answer: some 20 bytes each keep it below 200 KiB. */
export const pointsPerAnswer = 8_000;
export const pointsPerCurve = 1_500;
/** Largest list of rows, as JSON; a longer page ends early. */
const pageBytesMax = 180_000;

/** Six significant digits: finer than a screen, a third of the bytes. */
export function roundSignificant(value: number): number {
  return Number(value.toPrecision(6));
}

/** The first rows that fit into one answer; at least one. */
export function fitPage<Row>(rows: readonly Row[]): Row[] {
  let bytes = 0;
  const kept = rows.findIndex((row) => {
    bytes += JSON.stringify(row).length;
    return bytes > pageBytesMax;
  });
  return kept < 0 ? [...rows] : rows.slice(0, Math.max(1, kept));
}
