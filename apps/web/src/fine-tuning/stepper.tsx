import { Check, CircleDashed, LoaderCircle, Minus, X } from 'lucide-react';
import { classNames } from '@/ui/class-names';
import type { Step, StepState } from './steps';

const icons = {
  done: Check,
  now: LoaderCircle,
  waiting: CircleDashed,
  failed: X,
  rejected: X,
  skipped: Minus,
} as const;

const looks: Record<StepState, string> = {
  done: 'text-good',
  now: 'text-accent font-medium',
  waiting: 'text-ink-faint',
  failed: 'text-bad font-medium',
  rejected: 'text-warn font-medium',
  skipped: 'text-ink-faint',
};

/** The way from clicks to live, as far as this job has come. */
export function Stepper({ steps, isCompact }: { steps: readonly Step[]; isCompact?: boolean }) {
  const current = steps.find(({ state }) => state !== 'done');
  if (isCompact)
    return (
      <span className="flex items-center gap-1" role="img" aria-label={wordsOf(steps)} title={wordsOf(steps)}>
        {steps.map(({ name, state }) => (
          <span
            key={name}
            className={classNames(
              'h-1.5 w-4 rounded-full bg-current',
              looks[state],
              state === 'now' && 'animate-pulse',
              (state === 'waiting' || state === 'skipped') && 'text-line',
            )}
          />
        ))}
      </span>
    );
  return (
    <ol className="flex flex-wrap items-center gap-y-1" aria-label="Steps">
      {steps.map(({ name, state }, at) => {
        const Icon = icons[state];
        return (
          <li
            key={name}
            aria-current={name === current?.name ? 'step' : undefined}
            data-step={name}
            data-state={state}
            className={classNames('flex items-center gap-1.5 text-xs', looks[state])}
          >
            {at > 0 && <span aria-hidden className="mx-2 h-px w-5 bg-line" />}
            <Icon
              className={classNames('size-3.5', state === 'now' && 'animate-spin [animation-duration:2s]')}
              aria-hidden
            />
            {name}
            <span className="sr-only">{state}</span>
          </li>
        );
      })}
    </ol>
  );
}

const wordsOf = (steps: readonly Step[]): string => steps.map(({ name, state }) => `${name} ${state}`).join(', ');
