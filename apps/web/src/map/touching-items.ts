import { filteredItemsMax } from '@embedding-studio/contracts';
import type { MapPoints } from './map-points';

/** An address holds only so much. */
const charsMax = 6_000;

/** Ids of the selected items, the most clicked first, as many as a filter of sessions takes. */
export function chooseTouching(points: MapPoints, selected: readonly number[]): { ids: string[]; isAll: boolean } {
  const items = selected
    .filter((index) => index < points.items)
    .sort((left, right) => (points.clicks[right] ?? 0) - (points.clicks[left] ?? 0) || left - right);
  const ids: string[] = [];
  let chars = 0;
  for (const index of items.slice(0, filteredItemsMax)) {
    const id = points.ids[index] ?? '';
    chars += encodeURIComponent(id).length + 3;
    if (chars > charsMax) break;
    ids.push(id);
  }
  return { ids, isAll: ids.length === items.length };
}
