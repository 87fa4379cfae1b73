import type { CategoryCentroid, CategoryModel } from '../category.ts';

/** How many centroids are kept, and of how many items at least. */
export interface CentroidLimits {
  categoriesMax: number;
  itemsMin: number;
}

/** Category models, one for each collection (Postgres + pgvector). */
export interface CategoryStore {
  /** Mean vectors of a collection's items by the value of a payload field; most items first. */
  computeCentroids(input: { collectionId: string; field: string } & CentroidLimits): Promise<CategoryCentroid[]>;
  /** Replaces model, centroids and click counts of the collection, atomically. */
  putModel(input: {
    model: CategoryModel;
    centroids: readonly CategoryCentroid[];
    /** Clicks by query and category; only of queries that enough people typed. */
    clicks: readonly { key: string; category: string; clicks: number }[];
  }): Promise<void>;
  findModel(collectionId: string): Promise<CategoryModel | null>;
  /** The one fitted last, of whichever collection. */
  findLatestModel(): Promise<CategoryModel | null>;
  /** Cosine of every centroid with a vector of unit length, and the clicks of this query. */
  scoreCategories(query: {
    collectionId: string;
    vector: Float32Array;
    key: string;
  }): Promise<{ category: string; items: number; clicks: number; cosine: number; queryClicks: number }[]>;
}
