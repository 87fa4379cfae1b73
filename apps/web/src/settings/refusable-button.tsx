'use client';

import type { ReactNode } from 'react';
import { Button, type ButtonProps } from '@/ui/button';
import { Tooltip } from '@/ui/tooltip';

export interface RefusableButtonProps extends ButtonProps {
  /** Why this person may not press it; null: may. */
  refusal: string | null;
  children: ReactNode;
}

/** Stays focusable when refused, so that everyone can read why. */
export function RefusableButton({ refusal, onClick, ...rest }: RefusableButtonProps) {
  if (refusal === null) return <Button onClick={onClick} {...rest} />;
  return (
    <Tooltip content={refusal}>
      <Button aria-disabled onClick={(event) => event.preventDefault()} {...rest} title={refusal} />
    </Tooltip>
  );
}
