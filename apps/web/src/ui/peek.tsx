'use client';

import { ChevronDown, ChevronUp, X } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { Button } from './button';

export interface PeekProps {
  title: ReactNode;
  hint?: ReactNode;
  onClose: () => void;
  /** To the row before (k) and after (j); absent at the ends. */
  onPrevious?: () => void;
  onNext?: () => void;
  actions?: ReactNode;
  children: ReactNode;
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/** Panel beside a list, for one of its rows: the list stays where it is. j and k move, Escape closes. */
export function Peek({ title, hint, onClose, onPrevious, onNext, actions, children }: PeekProps) {
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isTyping(event.target) || event.metaKey || event.ctrlKey || document.querySelector('[role=dialog]')) return;
      if (event.key === 'Escape') onClose();
      else if (event.key === 'j') onNext?.();
      else if (event.key === 'k') onPrevious?.();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [onClose, onNext, onPrevious]);
  return (
    <aside
      ref={panel}
      aria-label="Details"
      className="fixed inset-y-0 right-0 z-30 flex w-full max-w-[40rem] flex-col border-l bg-raised shadow-float"
    >
      <header className="flex items-start gap-2 border-b px-5 py-3">
        <div className="min-w-0 flex-1">
          <h2 className="break-words font-semibold text-[15px]">{title}</h2>
          {hint !== undefined && <div className="text-ink-faint text-xs">{hint}</div>}
        </div>
        {(onPrevious || onNext) && (
          <>
            <Button kind="quiet" size="icon" aria-label="Previous (k)" disabled={!onPrevious} onClick={onPrevious}>
              <ChevronUp />
            </Button>
            <Button kind="quiet" size="icon" aria-label="Next (j)" disabled={!onNext} onClick={onNext}>
              <ChevronDown />
            </Button>
          </>
        )}
        <Button kind="quiet" size="icon" aria-label="Close (Escape)" onClick={onClose}>
          <X />
        </Button>
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto px-5 py-4">{children}</div>
      {actions !== undefined && (
        <footer className="flex flex-wrap justify-end gap-2 border-t px-5 py-3">{actions}</footer>
      )}
    </aside>
  );
}
