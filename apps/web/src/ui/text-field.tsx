'use client';

import { type ComponentProps, type ReactNode, useId } from 'react';
import { classNames } from './class-names';

export const inputLook =
  'h-8 w-full rounded-md border border-line-strong/50 bg-surface px-2.5 text-[13px] placeholder:text-ink-faint [&[readonly]]:bg-sunken [&[readonly]]:text-ink-soft disabled:opacity-60 aria-invalid:border-bad';

export interface TextFieldProps extends ComponentProps<'input'> {
  label: ReactNode;
  hint?: ReactNode;
  /** What is wrong, and what to do. */
  fault?: ReactNode;
}

export function TextField({ label, hint, fault, className, ...input }: TextFieldProps) {
  const id = useId();
  const note = fault ?? hint;
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1 block font-medium text-xs">
        {label}
      </label>
      <input
        id={id}
        className={inputLook}
        aria-invalid={fault ? true : undefined}
        aria-describedby={note ? `${id}-note` : undefined}
        {...input}
      />
      {note && (
        <p id={`${id}-note`} className={classNames('mt-1 text-xs', fault ? 'text-bad' : 'text-ink-faint')}>
          {note}
        </p>
      )}
    </div>
  );
}
