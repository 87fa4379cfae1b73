import type { CSSProperties } from 'react';

/** Pixels of one hit; all alike, so that lines need no measuring. */
export const rowHeight = 76;
export const gapWidth = 56;

/** Columns with room for lines between them. */
export function gridStyle(columns: number): CSSProperties {
  const column = 'minmax(17.5rem, 1fr)';
  return {
    display: 'grid',
    gridTemplateColumns: Array.from({ length: columns }, () => column).join(` ${gapWidth}px `),
  };
}

/** Grid column of the nth list, counted from 1 as CSS does. */
export function gridColumn(index: number): number {
  return index * 2 + 1;
}
