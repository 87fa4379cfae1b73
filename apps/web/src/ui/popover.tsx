'use client';

import { Popover as Primitive } from 'radix-ui';
import type { ReactNode } from 'react';
import { classNames } from './class-names';

export interface PopoverProps {
  label: string;
  /** The button that opens it. */
  trigger: ReactNode;
  isOpen?: boolean;
  onOpenChange?: (open: boolean) => void;
  /** Width and padding. */
  className?: string;
  children: ReactNode;
}

/** A small panel below a button. */
export function Popover({ label, trigger, isOpen, onOpenChange, className = 'w-80 p-1', children }: PopoverProps) {
  return (
    <Primitive.Root open={isOpen} onOpenChange={onOpenChange}>
      <Primitive.Trigger asChild>{trigger}</Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          align="end"
          sideOffset={6}
          collisionPadding={8}
          aria-label={label}
          className={classNames('z-50 max-w-[calc(100vw-1rem)] rounded-lg border bg-raised shadow-float', className)}
        >
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
