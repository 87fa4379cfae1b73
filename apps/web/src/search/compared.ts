import type { AppRouter } from '@embedding-studio/api';
import type { inferProcedureOutput } from '@trpc/server';

export type Compared = inferProcedureOutput<AppRouter['playground']['compareSearches']>;
export type ComparedColumn = Compared['columns'][number];
export type ComparedHit = ComparedColumn['hits'][number];

/** How an item's place differs from the column on the left. */
export type Move = { kind: 'up' | 'down'; places: number } | { kind: 'same' | 'new' } | null;

/** Against the column on the left; null in the first column. */
export function findMove(compared: Compared, column: number, itemId: string): Move {
  if (column === 0) return null;
  const rank = rankIn(compared, column, itemId);
  const before = rankIn(compared, column - 1, itemId);
  if (rank === null || compared.columns[column - 1]?.failure) return null;
  if (before === null) return { kind: 'new' };
  if (before === rank) return { kind: 'same' };
  return { kind: before > rank ? 'up' : 'down', places: Math.abs(before - rank) };
}

/** Shown here and missing from the column on the right. */
export function isLost(compared: Compared, column: number, itemId: string): boolean {
  const next = compared.columns[column + 1];
  return next !== undefined && next.failure === null && rankIn(compared, column + 1, itemId) === null;
}

/** From 1; null when the column does not show it. */
export function rankIn(compared: Compared, column: number, itemId: string): number | null {
  const index = compared.columns[column]?.hits.findIndex((hit) => hit.itemId === itemId) ?? -1;
  return index === -1 ? null : index + 1;
}

const imageNames = ['image', 'image_url', 'imageUrl', 'thumbnail', 'thumbnail_url', 'poster', 'poster_url', 'picture'];

/** The address of a picture, where the payload has one. */
export function findImage(payload: Record<string, unknown>): string | null {
  const named = imageNames.map((name) => payload[name]);
  const others = Object.values(payload).filter((value) => /\.(png|jpe?g|webp|gif|avif)(\?|$)/i.test(String(value)));
  const found = [...named, ...others].find((value) => typeof value === 'string' && /^https?:\/\//.test(value));
  return typeof found === 'string' ? found : null;
}

/** The first few short values, for the line under a title. */
export function summarisePayload(payload: Record<string, unknown>): string {
  return Object.values(payload)
    .flatMap((value) => (Array.isArray(value) ? value.slice(0, 3) : [value]))
    .filter((value) => ['string', 'number'].includes(typeof value) && !/^https?:/.test(String(value)))
    .map((value) => String(value))
    .filter((text) => text !== '')
    .slice(0, 5)
    .join(' · ');
}
