'use client';

import { Select } from './select';

export interface LabelledSelectProps {
  label: string;
  /** Empty: the option without a value. */
  value: string;
  choices: readonly { value: string; label: string }[];
  onChange: (value: string) => void;
}

/** The select takes no empty value; one that no option has stands for it. */
const none = ' ';

/** A small select with its label beside it, for toolbars. */
export function LabelledSelect({ label, value, choices, onChange }: LabelledSelectProps) {
  return (
    <span className="inline-flex min-w-0 items-center gap-1.5">
      <span aria-hidden className="whitespace-nowrap text-ink-faint text-xs">
        {label}
      </span>
      <Select
        label={label}
        value={value || none}
        options={choices.map((choice) => ({ value: choice.value || none, title: choice.label }))}
        onChange={(next) => onChange(next === none ? '' : next)}
        className="h-7 max-w-52 text-xs"
      />
    </span>
  );
}
