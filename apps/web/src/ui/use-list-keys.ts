'use client';

import { useEffect } from 'react';

/** j and k open the first row of a list while nothing is being typed. */
export function useListKeys(ids: readonly string[], selected: string | null, select: (id: string) => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (selected !== null || event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return;
      const [first] = ids;
      if (first !== undefined && (event.key === 'j' || event.key === 'k')) select(first);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [ids, selected, select]);
}

/** The ways from a row to its neighbours, for a peek; none at the ends. */
export function moves(ids: readonly string[], selected: string, select: (id: string) => void) {
  const at = ids.indexOf(selected);
  const previous = at > 0 ? ids[at - 1] : undefined;
  const next = at === -1 ? undefined : ids[at + 1];
  return {
    ...(previous === undefined ? {} : { onPrevious: () => select(previous) }),
    ...(next === undefined ? {} : { onNext: () => select(next) }),
  };
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && /^(input|textarea|select)$/i.test(target.tagName);
}
