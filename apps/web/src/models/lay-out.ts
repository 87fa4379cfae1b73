import type { LineageGraph } from '@embedding-studio/core';

export const nodeSize = { width: 168, height: 56 };
const gap = { x: 36, y: 12 };
const edge = 12;

/** Columns by the longest way from a beginning, rows in the order of those before: lines run from left to right. */
export function layOut({ nodes, edges }: Pick<LineageGraph, 'nodes' | 'edges'>): {
  places: Map<string, { x: number; y: number }>;
  width: number;
  height: number;
} {
  const depths = new Map(nodes.map(({ key }) => [key, 0]));
  for (let round = 0; round < nodes.length; round++) {
    let isMoved = false;
    for (const { from, to } of edges) {
      const depth = (depths.get(from) ?? 0) + 1;
      if (depth <= (depths.get(to) ?? 0) || depth >= nodes.length) continue;
      depths.set(to, depth);
      isMoved = true;
    }
    if (!isMoved) break;
  }
  pullSources(depths, edges);
  const columns: string[][] = [];
  for (const { key } of nodes) {
    const depth = depths.get(key) ?? 0;
    columns[depth] = [...(columns[depth] ?? []), key];
  }
  const places = new Map<string, { x: number; y: number }>();
  Array.from(columns).forEach((column = [], depth) => {
    column.forEach((key, row) => {
      const x = edge + depth * (nodeSize.width + gap.x);
      places.set(key, { x, y: edge + row * (nodeSize.height + gap.y) });
    });
  });
  const rows = Math.max(1, ...Array.from(columns, (column = []) => column.length));
  return {
    places,
    width: 2 * edge + columns.length * (nodeSize.width + gap.x) - gap.x,
    height: 2 * edge + rows * (nodeSize.height + gap.y) - gap.y,
  };
}

/** What nothing leads to stands right before what it leads to, not at the far left. */
function pullSources(depths: Map<string, number>, edges: LineageGraph['edges']): void {
  const entered = new Set(edges.map(({ to }) => to));
  for (const key of depths.keys()) {
    const next = edges.filter(({ from }) => from === key).map(({ to }) => depths.get(to) ?? 0);
    if (!entered.has(key) && next.length > 0) depths.set(key, Math.max(0, Math.min(...next) - 1));
  }
}
