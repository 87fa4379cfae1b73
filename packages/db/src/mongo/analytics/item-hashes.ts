import { Binary } from 'mongodb';

/** FNV-1a over UTF-16 units, with its bits mixed once more. */
export function hashItem(itemId: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < itemId.length; at++) hash = Math.imul(hash ^ itemId.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}

export function packHashes(itemIds: Iterable<string>): Binary {
  const hashes = Uint32Array.from(itemIds, hashItem).sort();
  return new Binary(new Uint8Array(hashes.buffer));
}

/** Whether one of the hashes is among the packed ones. */
export function holdsHash({ buffer, position }: Binary, hashes: readonly number[]): boolean {
  // Copied: what comes from the network need not lie where numbers may.
  const known = new Uint32Array(new Uint8Array(buffer.subarray(0, position)).buffer);
  return hashes.some((hash) => {
    let [low, high] = [0, known.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((known[middle] ?? 0) < hash) low = middle + 1;
      else high = middle;
    }
    return known[low] === hash;
  });
}
