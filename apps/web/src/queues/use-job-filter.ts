'use client';

import { TaskKind, TaskStatus } from '@embedding-studio/contracts';
import { parseAsArrayOf, parseAsIsoDate, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import type { JobFilter } from './queue-types';

const parsers = {
  q: parseAsString.withDefault(''),
  kind: parseAsStringLiteral(TaskKind.options),
  status: parseAsArrayOf(parseAsStringLiteral(TaskStatus.options)).withDefault([]),
  model: parseAsString.withDefault(''),
  subject: parseAsString.withDefault(''),
  from: parseAsIsoDate,
  to: parseAsIsoDate,
};

const dayMs = 86_400_000;

/** The filter of the jobs as the address bar holds it, and as the procedures take it. */
export function useJobFilter() {
  const [state, setState] = useQueryStates(parsers, { throttleMs: 200 });
  const { q, kind, status, model, subject, from, to } = state;
  const filter: JobFilter = {
    ...(q !== '' && { text: q }),
    ...(kind !== null && { kinds: [kind] }),
    ...(status.length > 0 && { statuses: [...status] }),
    ...(model !== '' && { modelId: model }),
    ...(subject !== '' && { subject }),
    ...(from !== null && { createdFrom: from }),
    // The day itself is part of it.
    ...(to !== null && { createdTo: new Date(to.getTime() + dayMs - 1) }),
  };
  const isFiltered = Object.keys(filter).length > 0;
  const clear = () =>
    void setState({ q: null, kind: null, status: null, model: null, subject: null, from: null, to: null });
  return { state, setState, filter, isFiltered, clear };
}

export type JobFilterState = ReturnType<typeof useJobFilter>;
