import type { QueryAdapterRef } from '../adapter.ts';
import type {
  Collection,
  CollectionStatus,
  FilterPlan,
  FoundCandidate,
  LiveCollection,
  LivePointer,
  PartAggregation,
  VectorRow,
} from '../collection.ts';
import type { Filter, SortBy } from '../filter.ts';
import type { HitItem, ItemRecord } from '../item.ts';
import type { SearchPlugins } from '../plugin/search-plugins.ts';
import type { RankingProfile } from '../ranking.ts';

export interface LegQuery {
  text: string;
  /** Unit length; null searches by words only. */
  vector: Float32Array | null;
  /** Items wanted from each leg. */
  depth: number;
  efSearch: number;
  /** Default `min`: the best part. */
  parts?: PartAggregation;
  /** Only items that meet it are candidates. */
  filter?: Filter;
  /** Asks for every candidate's value of this field. */
  sortBy?: Pick<SortBy, 'field' | 'forceNotPayload'>;
}

export interface CandidateQuery extends LegQuery {
  collectionId: string;
  lexical: RankingProfile['lexical'];
}

export interface LiveQuery extends LegQuery {
  /** As read before, perhaps some time ago. */
  live: LiveCollection;
  /** The weights that will order the candidates: they say which items to read ahead. */
  profile: RankingProfile;
  page: { offset: number; limit: number };
}

export interface LiveAnswer {
  candidates: FoundCandidate[];
  /** What is shown of the items that will most likely be on the page; others are read by `findHits`. */
  hits: HitItem[];
  /** null where nothing was filtered or no vector searched. */
  plan: FilterPlan | null;
  /** What was gone without: `standby_only` while the primary database is away. Absent or empty: nothing. */
  degraded?: readonly string[];
}

export interface CollectionStorage {
  vectorBytes: number;
  /** null without an index. */
  indexBytes: number | null;
  /** How the index was built; null without one. */
  index: { m: number; efConstruction: number } | null;
  /** Share of the table's rows that were replaced or deleted and still take up room, 0–1; null before any statistics. */
  deadShare: number | null;
}

/** Collections, vectors and the live pointer (Postgres + pgvector). */
export interface CollectionStore {
  createCollection(input: {
    modelId: string;
    dims: number;
    ranking: RankingProfile;
    /** None when not given. */
    searchPlugins?: SearchPlugins;
  }): Promise<Collection>;
  getCollection(id: string): Promise<Collection>;
  listCollections(page: { after: string | null; limit: number }): Promise<Collection[]>;
  /** A paused one becomes `ready` only by way of `building`: TASK_CONFLICT. */
  updateCollection(
    id: string,
    change: {
      status?: CollectionStatus;
      ranking?: RankingProfile;
      searchPlugins?: SearchPlugins;
      queryAdapters?: QueryAdapterRef[];
    },
  ): Promise<Collection>;
  /** Replaces all parts of the given items. Vectors with a non-finite value are refused (MODEL_INVALID). */
  putVectors(collectionId: string, rows: readonly VectorRow[]): Promise<void>;
  deleteVectors(collectionId: string, itemIds: readonly string[]): Promise<void>;
  /** Of the given items those that have a vector of exactly the given content, whatever is stored as the item. */
  findFresh(collectionId: string, items: readonly { id: string; contentHash: string }[]): Promise<string[]>;
  /**
   * Mean of each item's own parts, as it is (not brought to unit length); never part of what is searched. Ordered by
   * id; items without vectors are left out.
   */
  findAverages(collectionId: string, itemIds: readonly string[]): Promise<{ itemId: string; vector: Float32Array }[]>;
  /** Items without a vector of their current content, keyset by id: what a reindex still has to do. */
  listStaleItems(collectionId: string, page: { after: string | null; limit: number }): Promise<ItemRecord[]>;
  countVectors(collectionId: string): Promise<{ items: number; parts: number; stale: number }>;
  /** HNSW, cosine; a no-op when it exists. */
  buildIndex(collectionId: string, settings: { m: number; efConstruction: number }): Promise<void>;
  /** A new index takes the place of the old one, beside running searches and writes. */
  rebuildIndex(collectionId: string, settings: { m: number; efConstruction: number }): Promise<void>;
  describeStorage(collectionId: string): Promise<CollectionStorage>;
  /** New writes pass it by from now on; false, and nothing happens, where it is live, previous, paused or retired. */
  pauseCollection(id: string): Promise<boolean>;
  /** Room left on the disk of the database; null where that cannot be seen from here. */
  findFreeBytes(): Promise<number | null>;
  /** Removes vectors and index; refused (TASK_CONFLICT) while the live pointer names it. Idempotent. */
  dropCollection(id: string): Promise<void>;
  /** Nearest items by best part, ascending cosine distance; `exact` bypasses the index. */
  findNearest(query: {
    collectionId: string;
    vector: Float32Array;
    limit: number;
    efSearch: number;
    exact?: boolean;
  }): Promise<{ itemId: string; distance: number }[]>;
  /** Union of both legs' best items with both exact scores. */
  findCandidates(query: CandidateQuery): Promise<FoundCandidate[]>;
  /** Items whose distance (1 − cosine) is at most `distanceMax`, counted exactly. */
  countNear(query: {
    collectionId: string;
    vector: Float32Array;
    distanceMax: number;
    parts: PartAggregation;
    filter?: Filter;
  }): Promise<number>;
  /** All part vectors of the given items, for checks. */
  getVectors(collectionId: string, itemIds: readonly string[]): Promise<VectorRow[]>;
  findLive(): Promise<LivePointer | null>;
  /** Pointer and collection in one read, never from memory: what every search asks first. Null before the first index. */
  findLiveCollection(): Promise<LiveCollection | null>;
  /** The last answer of `findLiveCollection` in this process, however old; asks where there is none. */
  recallLiveCollection(): Promise<LiveCollection | null>;
  /** Candidates and likely hits in one round trip; null when `live` is not, or no longer, what serves. */
  searchLive(query: LiveQuery): Promise<LiveAnswer | null>;
  /** One statement: moves the pointer only if it still names `expected` (null: first time). LIVE_POINTER_MOVED otherwise. */
  switchLive(input: { expected: string | null; next: string }): Promise<LivePointer>;
  /** Collections that new writes must reach: live, previous (for rollback) and all that are building or ready. */
  listWriteTargets(): Promise<Collection[]>;
}
