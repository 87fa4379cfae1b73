'use client';

import { Radio } from 'lucide-react';
import { Button } from '@/ui/button';
import { classNames } from '@/ui/class-names';

export interface LiveToggleProps {
  isOn: boolean;
  isConnected: boolean;
  onChange(isOn: boolean): void;
}

export function LiveToggle({ isOn, isConnected, onChange }: LiveToggleProps) {
  return (
    <Button
      aria-pressed={isOn}
      onClick={() => onChange(!isOn)}
      className={classNames(isOn && 'border-accent/50 bg-accent-soft text-accent hover:bg-accent-soft')}
      title="New sessions appear by themselves"
    >
      <Radio className={classNames(isOn && isConnected && 'animate-pulse')} />
      {isOn ? (isConnected ? 'Live' : 'Connecting…') : 'Live tail'}
    </Button>
  );
}
