import type { ReactNode } from 'react';
import { classNames } from './class-names';

export type Tone = 'neutral' | 'accent' | 'good' | 'warn' | 'bad';

const tones: Record<Tone, string> = {
  neutral: 'bg-sunken text-ink-soft',
  accent: 'bg-accent-soft text-accent',
  good: 'bg-good-soft text-good',
  warn: 'bg-warn-soft text-warn',
  bad: 'bg-bad-soft text-bad',
};

export interface BadgeProps {
  tone?: Tone;
  /** A dot before the word, pulsing while something is under way. */
  dot?: 'still' | 'live';
  className?: string;
  title?: string;
  children: ReactNode;
}

export function Badge({ tone = 'neutral', dot, className, title, children }: BadgeProps) {
  const look = 'inline-flex h-5 items-center gap-1 whitespace-nowrap rounded-full px-2 font-medium text-2xs';
  return (
    <span className={classNames(look, tones[tone], className)} title={title}>
      {dot && (
        <span
          aria-hidden
          className={classNames('size-1.5 rounded-full bg-current', dot === 'live' && 'animate-pulse')}
        />
      )}
      {children}
    </span>
  );
}
