'use client';

import { type ReactNode, useId } from 'react';
import { classNames } from './class-names';
import { inputLook } from './text-field';

export interface SelectFieldProps {
  label: string;
  value: string;
  options: readonly { value: string; title: string }[];
  onChange: (value: string) => void;
  className?: string;
  hint?: ReactNode;
  /** What is wrong, and what to do. */
  fault?: ReactNode;
}

/** A native select with its label above, as text fields have it. */
export function SelectField(props: SelectFieldProps) {
  const { label, value, options, onChange, className, hint, fault } = props;
  const id = useId();
  const note = fault ?? hint;
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1 block font-medium text-xs">
        {label}
      </label>
      <select
        id={id}
        className={inputLook}
        value={value}
        aria-invalid={fault ? true : undefined}
        aria-describedby={note ? `${id}-note` : undefined}
        onChange={(event) => onChange(event.target.value)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.title}
          </option>
        ))}
      </select>
      {note && (
        <p id={`${id}-note`} className={classNames('mt-1 text-xs', fault ? 'text-bad' : 'text-ink-faint')}>
          {note}
        </p>
      )}
    </div>
  );
}
