import type { CategoryCentroid, CategoryModel, CategoryStore } from '@embedding-studio/contracts';
import { fromSql, toSql } from 'pgvector';
import type { Connection } from './connection.ts';
import { vectorTable } from './vector-table.ts';

const columns = `collection_id AS "collectionId", field, calibration, quality, fitted_at AS "fittedAt"`;

/** `a.b` as a path through the payload that also unfolds lists; quoted, so that any name is only a name. */
function pathOf(field: string): string {
  return `$${field
    .split('.')
    .map((name) => `.${JSON.stringify(name)}`)
    .join('')}[*]`;
}

const computeCentroids =
  (connection: Connection): CategoryStore['computeCentroids'] =>
  async ({ collectionId, field, categoriesMax, itemsMin }) => {
    const rows = await connection.query<{ category: string; items: number; centroid: string }>(
      `SELECT c.category, count(DISTINCT i.item_no)::int AS items, l2_normalize(avg(v.embedding))::text AS centroid
         FROM items i
        CROSS JOIN LATERAL (SELECT DISTINCT value #>> '{}' AS category
                              FROM jsonb_path_query(i.payload, $1::jsonpath) AS value
                             WHERE jsonb_typeof(value) = 'string') AS c
         JOIN ${vectorTable(collectionId)} v ON v.item_no = i.item_no
        WHERE c.category <> ''
        GROUP BY c.category HAVING count(DISTINCT i.item_no) >= $2
        ORDER BY items DESC, c.category COLLATE "C" LIMIT $3`,
      [pathOf(field), itemsMin, categoriesMax],
    );
    return rows.map(({ category, items, centroid }) => ({
      ...{ category, items, clicks: 0 },
      centroid: Float32Array.from(fromSql(centroid) as number[]),
    }));
  };

const putModel =
  (connection: Connection): CategoryStore['putModel'] =>
  async ({ model, centroids, clicks }) => {
    const { collectionId, field, calibration, quality, fittedAt } = model;
    await connection.transaction(async (client) => {
      await client.query('DELETE FROM category_models WHERE collection_id = $1', [collectionId]);
      await client.query(
        `INSERT INTO category_models (collection_id, field, calibration, quality, fitted_at) VALUES ($1, $2, $3, $4, $5)`,
        [collectionId, field, JSON.stringify(calibration), quality === null ? null : JSON.stringify(quality), fittedAt],
      );
      await client.query(
        `INSERT INTO category_centroids (collection_id, category, items, clicks, centroid)
         SELECT $1, * FROM unnest($2::text[], $3::int[], $4::real[], $5::text[]::vector[])`,
        [collectionId, ...columnsOf(centroids)],
      );
      await client.query(
        `INSERT INTO category_clicks (collection_id, key, category, clicks)
         SELECT $1, * FROM unnest($2::text[], $3::text[], $4::real[])`,
        [
          collectionId,
          clicks.map((row) => row.key),
          clicks.map((row) => row.category),
          clicks.map((row) => row.clicks),
        ],
      );
    });
  };

function columnsOf(centroids: readonly CategoryCentroid[]): unknown[] {
  return [
    centroids.map((row) => row.category),
    centroids.map((row) => row.items),
    centroids.map((row) => row.clicks),
    centroids.map((row) => toSql([...row.centroid])),
  ];
}

const scoreCategories =
  (connection: Connection): CategoryStore['scoreCategories'] =>
  async ({ collectionId, vector, key }) =>
    connection.search(
      {
        text: `SELECT c.category, c.items, c.clicks::float8 AS clicks, 1 - (c.centroid <=> $2::vector) AS cosine,
                      coalesce(k.clicks, 0)::float8 AS "queryClicks"
                 FROM category_centroids c
                 LEFT JOIN category_clicks k ON k.collection_id = $1 AND k.key = $3 AND k.category = c.category
                WHERE c.collection_id = $1 ORDER BY cosine DESC, c.category`,
        values: [collectionId, toSql([...vector]), key.replaceAll('\0', ' ')],
      },
      null,
    );

export function createCategoryStore(connection: Connection): CategoryStore {
  const find = async (where: string, values: unknown[]): Promise<CategoryModel | null> => {
    const text = `SELECT ${columns} FROM category_models ${where}`;
    const [row] = await connection.query<CategoryModel & Record<string, unknown>>(text, values);
    return row ?? null;
  };
  return {
    computeCentroids: computeCentroids(connection),
    putModel: putModel(connection),
    findModel: (collectionId) => find('WHERE collection_id = $1', [collectionId]),
    findLatestModel: () => find('ORDER BY fitted_at DESC LIMIT 1', []),
    scoreCategories: scoreCategories(connection),
  };
}
