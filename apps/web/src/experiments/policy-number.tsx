'use client';

import { useRefusal } from '@/shell/signed-in-user';
import { TextField } from '@/ui/text-field';

export interface PolicyNumberProps {
  name: string;
  label: string;
  value: number;
  /** Least, most, step. */
  range: [number, number, number];
}

/** A number of a policy, which engineers may change. */
export function PolicyNumber({ name, label, value, range: [min, max, step] }: PolicyNumberProps) {
  const refusal = useRefusal('engineer');
  return (
    <TextField
      className="w-44"
      {...{ name, label, min, max, step }}
      type="number"
      required
      defaultValue={Number(value.toFixed(1))}
      disabled={refusal !== null}
    />
  );
}
