import type { ItemRecord } from '@embedding-studio/contracts';

export type StoredItem = Omit<ItemRecord, 'image'> & { image: string | null };

/** An item without a picture has no such field. */
export function toRecord({ image, ...item }: StoredItem): ItemRecord {
  return image === null ? item : { ...item, image };
}
