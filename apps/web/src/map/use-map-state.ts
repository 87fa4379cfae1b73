'use client';

import { parseAsBoolean, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';

const parsers = {
  collection: parseAsString,
  /** Collection whose places the points are drawn at instead. */
  compare: parseAsString,
  colour: parseAsStringLiteral(['category', 'clicks', 'ctr'] as const).withDefault('category'),
  queries: parseAsBoolean.withDefault(true),
  view: parseAsStringLiteral(['map', 'table'] as const).withDefault('map'),
  item: parseAsString,
};

export function useMapState() {
  return useQueryStates(parsers);
}
