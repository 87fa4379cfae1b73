'use client';

import { type EventGroup, eventGroups, type SessionFlag, sessionFlags } from '@embedding-studio/contracts';
import type { SessionFilterInput } from '@embedding-studio/core';
import {
  parseAsArrayOf,
  parseAsBoolean,
  parseAsIsoDateTime,
  parseAsString,
  parseAsStringLiteral,
  useQueryStates,
} from 'nuqs';
import { useMemo } from 'react';
import { exclusionTitles } from './flag-words';

type Exclusion = NonNullable<SessionFilterInput['exclusions']>[number];

const exclusions = Object.keys(exclusionTitles) as Exclusion[];

const inAddress = {
  q: parseAsString.withDefault(''),
  whole: parseAsBoolean.withDefault(false),
  slice: parseAsString,
  user: parseAsString.withDefault(''),
  flags: parseAsArrayOf(parseAsStringLiteral<SessionFlag>(sessionFlags)).withDefault([]),
  events: parseAsArrayOf(parseAsStringLiteral<EventGroup>(eventGroups)).withDefault([]),
  excluded: parseAsArrayOf(parseAsStringLiteral<Exclusion>(exclusions)).withDefault([]),
  models: parseAsArrayOf(parseAsString).withDefault([]),
  collections: parseAsArrayOf(parseAsString).withDefault([]),
  items: parseAsArrayOf(parseAsString).withDefault([]),
  touch: parseAsStringLiteral(['shown', 'clicked'] as const).withDefault('shown'),
  from: parseAsIsoDateTime,
  to: parseAsIsoDateTime,
};

export type FilterState = ReturnType<typeof useFilterState>[0];
export type ChangeFilter = (change: Partial<FilterState> | null) => void;

function useFilterState() {
  return useQueryStates(inAddress, { history: 'push' });
}

/** The filter in the address, as the page shows it and as the verbs take it. */
export function useSessionFilter() {
  const [state, setState] = useFilterState();
  const filter = useMemo((): SessionFilterInput => {
    const { q, whole, user, excluded, items, ...rest } = state;
    return {
      ...rest,
      itemIds: items,
      query: q === '' ? null : q,
      isWholeQuery: whole,
      userId: user === '' ? null : user,
      exclusions: excluded,
    };
  }, [state]);
  const change: ChangeFilter = (next) => void setState(next);
  const { touch: _touch, whole: _whole, ...conditions } = state;
  const isSet = Object.values(conditions).some((value) => (Array.isArray(value) ? value.length > 0 : Boolean(value)));
  return { state, filter, change, isSet };
}
