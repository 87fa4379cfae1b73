'use client';

import { createContext, useContext, useSyncExternalStore } from 'react';

/** Where the reader points at, shared by charts over the same x so that all of them answer. */
export interface Crosshair {
  get(): number | null;
  set(x: number | null): void;
  subscribe(listener: () => void): () => void;
}

export function createCrosshair(): Crosshair {
  let place: number | null = null;
  const listeners = new Set<() => void>();
  return {
    get: () => place,
    set: (x) => {
      if (x === place) return;
      place = x;
      for (const listener of listeners) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export const CrosshairContext = createContext<Crosshair>(createCrosshair());

export function useCrosshair(): Crosshair {
  return useContext(CrosshairContext);
}

export function useCrosshairPlace(): number | null {
  const { subscribe, get } = useCrosshair();
  return useSyncExternalStore(subscribe, get, () => null);
}
