'use client';

import { useEffect, useId, useState } from 'react';
import { inputLook } from '@/ui/text-field';

const restMs = 300;

/** Takes effect once typing rests, or at once with Enter. */
export function TextFilter({
  label,
  value,
  onChange,
}: {
  label: string;
  value: string;
  onChange(value: string): void;
}) {
  const id = useId();
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    if (typed === value) return;
    const timer = setTimeout(() => onChange(typed.trim()), restMs);
    return () => clearTimeout(timer);
  }, [typed, value, onChange]);
  return (
    <div>
      <label htmlFor={id} className="mb-1 block font-medium text-ink-soft text-xs">
        {label}
      </label>
      <input
        id={id}
        type="search"
        className={inputLook}
        value={typed}
        maxLength={128}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => event.key === 'Enter' && onChange(typed.trim())}
      />
    </div>
  );
}
