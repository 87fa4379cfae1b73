'use client';

import { useMemo } from 'react';
import { useUsers } from './user-list';

/** Names for actors of audit rows: `user:3f2…` → the person's name. */
export function useActorNames(): (actor: string) => string {
  const { data } = useUsers();
  return useMemo(() => {
    const names = new Map(data?.map(({ id, name }) => [`user:${id}`, name]));
    return (actor) => names.get(actor) ?? actor;
  }, [data]);
}
