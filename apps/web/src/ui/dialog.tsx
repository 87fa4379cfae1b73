'use client';

import { X } from 'lucide-react';
import { Dialog as Primitive } from 'radix-ui';
import { type ReactNode, useRef } from 'react';
import { classNames } from './class-names';

export interface DialogProps {
  isOpen: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  hint?: ReactNode;
  footer?: ReactNode;
  isWide?: boolean;
  children?: ReactNode;
}

/** Where typing begins; a dialog without a field takes the focus itself, not its button to close. */
const firstField =
  '[autofocus], input:not([type=radio], [type=checkbox], [readonly], :disabled), textarea:not([readonly]), select';

export function Dialog({ isOpen, onOpenChange, title, hint, footer, isWide, children }: DialogProps) {
  const panel = useRef<HTMLDivElement>(null);
  return (
    <Primitive.Root open={isOpen} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-40 bg-black/45" />
        <Primitive.Content
          {...(hint === undefined ? { 'aria-describedby': undefined } : {})}
          ref={panel}
          tabIndex={-1}
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            (panel.current?.querySelector<HTMLElement>(firstField) ?? panel.current)?.focus();
          }}
          className={classNames(
            'fixed top-1/2 left-1/2 z-50 flex max-h-[85dvh] w-[calc(100vw-2rem)] -translate-x-1/2 -translate-y-1/2 flex-col rounded-xl border bg-raised shadow-float outline-none',
            isWide ? 'max-w-3xl' : 'max-w-md',
          )}
        >
          <div className="flex items-start gap-3 border-b px-5 py-3.5">
            <div className="min-w-0 flex-1">
              <Primitive.Title className="font-semibold text-[15px]">{title}</Primitive.Title>
              {hint !== undefined && <Primitive.Description className="text-ink-faint">{hint}</Primitive.Description>}
            </div>
            <Primitive.Close aria-label="Close" className="rounded p-1 text-ink-faint hover:bg-hover hover:text-ink">
              <X className="size-4" aria-hidden />
            </Primitive.Close>
          </div>
          {children !== undefined && <div className="overflow-y-auto px-5 py-4">{children}</div>}
          {footer !== undefined && <div className="flex justify-end gap-2 border-t px-5 py-3">{footer}</div>}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
