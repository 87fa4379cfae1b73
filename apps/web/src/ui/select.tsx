'use client';

import { Check, ChevronDown } from 'lucide-react';
import { Select as Primitive } from 'radix-ui';
import type { ReactNode } from 'react';
import { classNames } from './class-names';

export interface SelectProps<Value extends string> {
  /** What it chooses, for readers of the markup. */
  label: string;
  value: Value;
  options: { value: Value; title: ReactNode; isDisabled?: boolean }[];
  onChange: (value: Value) => void;
  className?: string;
  isDisabled?: boolean;
}

/** Values must not be empty. */
export function Select<Value extends string>(props: SelectProps<Value>) {
  const { label, value, options, onChange, className, isDisabled } = props;
  return (
    <Primitive.Root value={value} onValueChange={(next) => onChange(next as Value)} disabled={isDisabled}>
      <Primitive.Trigger
        aria-label={label}
        className={classNames(
          'inline-flex h-8 items-center justify-between gap-2 rounded-md border border-line-strong/50 bg-surface px-2.5 text-[13px] hover:bg-hover disabled:opacity-60',
          className,
        )}
      >
        <span className="truncate">
          <Primitive.Value />
        </span>
        <ChevronDown className="size-3.5 shrink-0 text-ink-faint" aria-hidden />
      </Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          position="popper"
          sideOffset={4}
          className="z-50 max-h-80 min-w-[var(--radix-select-trigger-width)] overflow-hidden rounded-lg border bg-raised shadow-float"
        >
          <Primitive.Viewport className="p-1">
            {options.map((option) => (
              <Primitive.Item
                key={option.value}
                value={option.value}
                disabled={option.isDisabled}
                className="flex h-8 items-center gap-2 rounded px-2 pr-8 text-[13px] outline-none data-[disabled]:opacity-50 data-[highlighted]:bg-hover"
              >
                <Primitive.ItemText>{option.title}</Primitive.ItemText>
                <Primitive.ItemIndicator className="absolute right-3">
                  <Check className="size-3.5" aria-hidden />
                </Primitive.ItemIndicator>
              </Primitive.Item>
            ))}
          </Primitive.Viewport>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
