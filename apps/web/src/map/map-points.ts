import type { ProjectionChunk } from '@embedding-studio/contracts';

/** All points of one map, items first, then queries. */
export interface MapPoints {
  ids: string[];
  titles: string[];
  /** x and y of each, within ±1. */
  xy: Float32Array;
  category: number[];
  shown: number[];
  clicks: number[];
  /** How many of them are items. */
  items: number;
}

function decode(text: string): Float32Array {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Float32Array.from({ length: bytes.length / 4 }, (_, at) => view.getFloat32(at * 4, true));
}

/** The last chunk holds the queries. */
export function joinChunks(chunks: readonly ProjectionChunk[]): MapPoints {
  const queries = chunks.at(-1)?.ids.length ?? 0;
  const ids = chunks.flatMap((chunk) => chunk.ids);
  const xy = new Float32Array(ids.length * 2);
  let at = 0;
  for (const chunk of chunks) {
    const values = decode(chunk.xy);
    xy.set(values, at);
    at += values.length;
  }
  return {
    ids,
    titles: chunks.flatMap((chunk) => chunk.titles),
    xy,
    category: chunks.flatMap((chunk) => chunk.category),
    shown: chunks.flatMap((chunk) => chunk.shown),
    clicks: chunks.flatMap((chunk) => chunk.clicks),
    items: ids.length - queries,
  };
}

/** Brings points into ±.95 by the widest of the given maps, so that maps that were aligned stay so. */
export function fitPoints(maps: readonly Float32Array[]): Float32Array[] {
  let [left, right, low, high] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const map of maps)
    for (let at = 0; at < map.length; at += 2) {
      const [x, y] = [map[at] ?? 0, map[at + 1] ?? 0];
      [left, right, low, high] = [Math.min(left, x), Math.max(right, x), Math.min(low, y), Math.max(high, y)];
    }
  const half = Math.max(right - left, high - low, 1e-9) / 1.9;
  const [midX, midY] = [(left + right) / 2, (low + high) / 2];
  return maps.map((map) => map.map((value, at) => (value - (at % 2 === 0 ? midX : midY)) / half));
}

/** Where the points of `base` are on another map; those that it lacks stay. */
export function placesOn(base: MapPoints, other: MapPoints): Float32Array {
  const rows = new Map(other.ids.slice(0, other.items).map((id, row) => [id, row]));
  const queries = new Map(other.titles.slice(other.items).map((text, row) => [text, other.items + row]));
  const xy = base.xy.slice();
  for (const [at, id] of base.ids.entries()) {
    const row = at < base.items ? rows.get(id) : queries.get(base.titles[at] ?? '');
    if (row !== undefined) xy.set(other.xy.subarray(row * 2, row * 2 + 2), at * 2);
  }
  return xy;
}

export interface Mover {
  index: number;
  /** Share of the map's width. */
  distance: number;
}

/** Items that move furthest from one map to another. */
export function topMovers(
  from: Float32Array,
  to: Float32Array,
  { items, count }: { items: number; count: number },
): Mover[] {
  const all = Array.from({ length: items }, (_, index) => {
    const [dx, dy] = [0, 1].map((side) => (to[index * 2 + side] ?? 0) - (from[index * 2 + side] ?? 0));
    return { index, distance: Math.hypot(dx ?? 0, dy ?? 0) / 2 };
  });
  return all.sort((left, right) => right.distance - left.distance).slice(0, count);
}

/** Whether a point is inside of a closed line (ray casting). */
export function isInside(x: number, y: number, line: readonly (readonly [number, number])[]): boolean {
  let inside = false;
  for (const [at, [x1, y1]] of line.entries()) {
    const [x2, y2] = line[(at + line.length - 1) % line.length] ?? [x1, y1];
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside;
  }
  return inside;
}
