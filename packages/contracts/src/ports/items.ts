import type { Filter, SortBy } from '../filter.ts';
import type { HitItem, ItemRecord, RankerItem } from '../item.ts';

export interface ItemQuery {
  filter?: Filter;
  sortBy?: SortBy;
  limit: number;
  offset: number;
  /** Id of the last item of the page before: the page starts behind it, whatever was added or removed since. */
  after?: string;
}

/** Items and their searchable words (Postgres). Item writes also refresh the lexical index, in one transaction. */
export interface ItemStore {
  /** Inserts or replaces whole items, atomically per call. Returns the ids that are new or no longer the same. */
  upsertItems(items: readonly ItemRecord[]): Promise<string[]>;
  deleteItems(ids: readonly string[]): Promise<number>;
  /** In the order of `ids`; unknown ids are left out. */
  findItems(ids: readonly string[]): Promise<ItemRecord[]>;
  /** As findItems, without body and parts: long texts stay where they are. */
  findHits(ids: readonly string[]): Promise<HitItem[]>;
  /** Payload and age of items, for rankers; unknown ids are left out, the order is any. */
  findRankerItems(ids: readonly string[]): Promise<RankerItem[]>;
  /** Of these SHA-256 of pictures, those that an item has. */
  findUsedImages(hashes: readonly string[]): Promise<string[]>;
  /** Keyset page ordered by id. */
  listItems(page: { after: string | null; limit: number }): Promise<ItemRecord[]>;
  countItems(filter?: Filter): Promise<number>;
  /**
   * Items that meet the filter, by the value of a field (numbers, then texts; items without it last) and then by id;
   * by id alone without a field.
   */
  searchItems(query: ItemQuery): Promise<HitItem[]>;
}
