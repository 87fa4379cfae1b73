import type { CollectionStorage } from '@embedding-studio/contracts';

/** What has to stay in memory for quick searches, bytes. */
export interface MemoryEstimate {
  /** Half-precision copies of the vectors inside the index. */
  vectors: number;
  /** Links between neighbours, and the unused room of pages. */
  links: number;
  total: number;
  /** The table with full vectors: read for exact scores of the best candidates only. */
  table: number;
  /** `measured` from the index on disk; `expected` from its settings where it is not built yet. */
  basis: 'measured' | 'expected';
}

const vectorHeader = 8;
const pointerBytes = 6;
const pageFill = 1.15;
const mDefault = 16;

/** pgvector's HNSW keeps 2·m neighbours of every vector on the lowest layer, and about m/(m − 1) layers' worth above. */
export function estimateMemory(
  { vectorBytes, indexBytes, index }: CollectionStorage,
  { parts, dims }: { parts: number; dims: number },
): MemoryEstimate {
  const vectors = parts * (vectorHeader + 2 * dims);
  if (indexBytes !== null) {
    const links = Math.max(0, indexBytes - vectors);
    return { vectors, links, total: indexBytes, table: vectorBytes, basis: 'measured' };
  }
  const m = index?.m ?? mDefault;
  const neighbours = parts * 2 * m * pointerBytes * (m / (m - 1));
  const links = Math.round((vectors + neighbours) * pageFill - vectors);
  return { vectors, links, total: vectors + links, table: vectorBytes, basis: 'expected' };
}
