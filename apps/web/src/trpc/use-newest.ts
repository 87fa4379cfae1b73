'use client';

import { useState } from 'react';

/**
 * Newest value that a subscription brought for this key, and what to give it as `onData`. The hook's own `data` is gone
 * once the stream has ended, which for something finished is at once.
 */
export function useNewest<T>(key: string): [newest: T | undefined, onData: (value: T) => void] {
  const [held, setHeld] = useState<{ key: string; value: T } | null>(null);
  return [held?.key === key ? held.value : undefined, (value) => setHeld({ key, value })];
}
