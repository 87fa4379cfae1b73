import type { ReactNode } from 'react';
import { classNames } from './class-names';

export function Kbd({ className, children }: { className?: string; children: ReactNode }) {
  return (
    <kbd
      className={classNames('rounded border bg-surface px-1 font-sans text-2xs text-ink-faint leading-4', className)}
    >
      {children}
    </kbd>
  );
}
