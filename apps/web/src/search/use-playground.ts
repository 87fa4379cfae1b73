'use client';

import { parseAsInteger, parseAsJson, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { useCallback } from 'react';
import { z } from 'zod';
import { ColumnSetting, cleanSetting, columnsMax } from './setting';

const Columns = z.array(ColumnSetting).min(1).max(columnsMax);

const parsers = {
  q: parseAsString.withDefault(''),
  columns: parseAsJson((value) => Columns.parse(value) as ColumnSetting[]).withDefault([{}]),
  limit: parseAsInteger.withDefault(10),
  session: parseAsString,
  view: parseAsStringLiteral(['compare', 'set', 'golden'] as const).withDefault('compare'),
  source: parseAsStringLiteral(['sessions', 'golden'] as const).withDefault('sessions'),
  item: parseAsString,
};

/** The page's whole state, kept in the address. */
export function usePlayground() {
  const [state, setState] = useQueryStates(parsers, { history: 'push' });
  const setColumns = useCallback(
    (columns: ColumnSetting[]) => setState({ columns: columns.map(cleanSetting) }),
    [setState],
  );
  const select = useCallback((item: string | null) => setState({ item }, { history: 'replace' }), [setState]);
  return { ...state, setState, setColumns, select };
}

export type Playground = ReturnType<typeof usePlayground>;
