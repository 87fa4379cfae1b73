'use client';

import { parseAsString, useQueryStates } from 'nuqs';
import { useMemo } from 'react';

const dayMs = 86_400_000;
const parsers = {
  actor: parseAsString.withDefault(''),
  action: parseAsString.withDefault(''),
  subject: parseAsString.withDefault(''),
  from: parseAsString.withDefault(''),
  to: parseAsString.withDefault(''),
};

export interface AuditFilterInput {
  actorPrefix?: string;
  actionPrefix?: string;
  subjectPrefix?: string;
  from?: Date;
  until?: Date;
}

/** Midnight in UTC of a day in the URL; undefined for what is no day. */
function dayOf(text: string): Date | undefined {
  const day = new Date(`${text}T00:00:00Z`);
  return Number.isNaN(day.getTime()) ? undefined : day;
}

/** The filters in the URL, and what the verb is asked with. */
export function useAuditFilter() {
  const [fields, setFields] = useQueryStates(parsers);
  const { actor, action, subject, from, to } = fields;
  const filter = useMemo((): AuditFilterInput => {
    const last = dayOf(to);
    return {
      actorPrefix: actor || undefined,
      actionPrefix: action || undefined,
      subjectPrefix: subject || undefined,
      from: dayOf(from),
      until: last && new Date(last.getTime() + dayMs),
    };
  }, [actor, action, subject, from, to]);
  return { fields, setFields, filter, isFiltered: Object.values(fields).some((value) => value !== '') };
}
