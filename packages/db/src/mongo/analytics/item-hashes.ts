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
  const bytes = Buffer.alloc(hashes.length * 4);
  for (const [at, hash] of hashes.entries()) bytes.writeUInt32LE(hash, at * 4);
  return new Binary(bytes);
}

/** Whether one of the hashes is among the packed ones. */
export function holdsHash({ buffer, position }: Binary, hashes: Iterable<number>): boolean {
  const view = new DataView(buffer.buffer, buffer.byteOffset, position);
  for (const hash of hashes) {
    let [low, high] = [0, view.byteLength / 4];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (view.getUint32(middle * 4, true) < hash) low = middle + 1;
      else high = middle;
    }
    if (low < view.byteLength / 4 && view.getUint32(low * 4, true) === hash) return true;
  }
  return false;
}
