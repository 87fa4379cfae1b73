'use client';

import { useSyncExternalStore } from 'react';

const everyMs = 10_000;
let current: Date | null = null;
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | null = null;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(tick, everyMs);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0 || timer === null) return;
    clearInterval(timer);
    timer = null;
  };
}

function tick(): void {
  current = new Date();
  for (const listener of listeners) listener();
}

function read(): Date {
  current ??= new Date();
  return current;
}

/** The time, renewed every ten seconds by one timer for the whole page; null while rendered on the server. */
export function useNow(): Date | null {
  return useSyncExternalStore(subscribe, read, () => null);
}
