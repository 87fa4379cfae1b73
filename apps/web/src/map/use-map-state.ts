'use client';

import { createParser, parseAsBoolean, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { readView, wholeMap, writeView } from './viewport';

const parseAsView = createParser({
  parse: readView,
  serialize: writeView,
  eq: (left, right) => writeView(left) === writeView(right),
});

const parsers = {
  collection: parseAsString,
  /** Collection whose places the points are drawn at instead. */
  compare: parseAsString,
  colour: parseAsStringLiteral(['category', 'clicks', 'ctr'] as const).withDefault('category'),
  queries: parseAsBoolean.withDefault(true),
  view: parseAsStringLiteral(['map', 'table'] as const).withDefault('map'),
  item: parseAsString,
  /** What is on the screen: middle and enlargement. */
  at: parseAsView.withDefault(wholeMap),
};

export function useMapState() {
  return useQueryStates(parsers, { throttleMs: 200 });
}
