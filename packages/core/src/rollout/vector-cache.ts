import { type ItemRecord, StudioError, type VectorRow } from '@embedding-studio/contracts';
import { z } from 'zod';
import { sha256 } from '../content-hash.ts';
import type { Ctx } from '../context.ts';
import { partsOf } from '../item/embed-parts.ts';

const Header = z.object({
  dims: z.number().int().positive(),
  rows: z.array(z.object({ itemId: z.string(), contentHash: z.string(), ordinal: z.number().int() })),
});

const headerBytes = 4;

/** Vectors of items under a name made from their contents: the same items in the same state are found again. */
export function vectorChunkKey(artefactKey: string, items: readonly ItemRecord[]): string {
  return `${artefactKey}vectors/${sha256(JSON.stringify(items.map((item) => [item.id, item.contentHash])))}.f32`;
}

export function encodeVectorChunk(rows: readonly VectorRow[]): Uint8Array {
  const dims = rows[0]?.vector.length ?? 1;
  const described = rows.map(({ itemId, contentHash, ordinal }) => ({ itemId, contentHash, ordinal }));
  const json = Buffer.from(JSON.stringify({ dims, rows: described }));
  const start = headerBytes + json.length;
  const bytes = Buffer.alloc(start + rows.length * dims * 4);
  bytes.writeUInt32LE(json.length, 0);
  json.copy(bytes, headerBytes);
  rows.forEach(({ vector }, row) => {
    vector.forEach((value, column) => {
      bytes.writeFloatLE(value, start + (row * dims + column) * 4);
    });
  });
  return bytes;
}

export function decodeVectorChunk(chunk: Uint8Array): VectorRow[] {
  const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  const start = headerBytes + bytes.readUInt32LE(0);
  const { dims, rows } = Header.parse(JSON.parse(bytes.toString('utf8', headerBytes, start)));
  if (bytes.length !== start + rows.length * dims * 4)
    throw new StudioError('INTERNAL', 'A stored vector chunk is cut short.');
  return rows.map((row, index) => ({
    ...row,
    vector: Float32Array.from({ length: dims }, (_, column) => bytes.readFloatLE(start + (index * dims + column) * 4)),
  }));
}

/** Every cached vector of a model, by item and content. */
export async function loadVectorCache(
  ctx: Ctx,
  artefactKey: string,
): Promise<(item: ItemRecord) => VectorRow[] | null> {
  const byItem = new Map<string, VectorRow[]>();
  for (const { key } of await ctx.deps.objects.listObjects(`${artefactKey}vectors/`)) {
    for (const row of decodeVectorChunk(await ctx.deps.objects.getObject(key))) {
      const name = `${row.itemId}\n${row.contentHash}`;
      const rows = byItem.get(name) ?? [];
      rows[row.ordinal] = row;
      byItem.set(name, rows);
    }
  }
  return (item) => {
    const rows = byItem.get(`${item.id}\n${item.contentHash}`);
    const isWhole = rows?.length === partsOf(item).length && rows.every((row) => row !== undefined);
    return isWhole ? rows : null;
  };
}
