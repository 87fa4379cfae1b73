'use client';

import { Check, Circle, LoaderCircle, X } from 'lucide-react';
import { Card } from '@/ui/card';
import { classNames } from '@/ui/class-names';
import { formatCount, formatDuration, formatShare } from '@/ui/format-number';
import { useNow } from '@/ui/use-now';
import { canarySteps, type StepView } from './canary-steps';
import type { Standing } from './experiment-types';

const looks = {
  done: { icon: Check, word: 'passed', className: 'text-good' },
  now: { icon: LoaderCircle, word: 'now', className: 'text-accent [&_svg]:animate-spin' },
  ended: { icon: X, word: 'ended here', className: 'text-warn' },
  waiting: { icon: Circle, word: 'to come', className: 'text-ink-faint' },
} as const;

/** The steps of a canary, the present one with what it still waits for. */
export function CanaryCard({ standing }: { standing: Standing }) {
  const now = useNow();
  const steps = canarySteps(standing, now);
  return (
    <Card title="Steps" hint="Grows while no guardrail is breached and the checks hold; after the last step it ships.">
      <ol aria-label="Steps" className="grid gap-2">
        {steps.map((step) => (
          <Step key={step.share} step={step} />
        ))}
      </ol>
    </Card>
  );
}

function Step({ step }: { step: StepView }) {
  const { icon: Icon, word, className } = looks[step.status];
  return (
    <li
      className={classNames('rounded-md border p-3', step.status === 'now' && 'border-accent/60')}
      aria-current={step.status === 'now' ? 'step' : undefined}
    >
      <div className={classNames('flex items-center gap-1.5', className)}>
        <Icon aria-hidden className="size-3.5 shrink-0" />
        <span className="nums font-semibold text-base text-ink">
          {formatShare(step.share, step.share < 0.01 ? 1 : 0)}
        </span>
        <span className="text-xs">{word}</span>
      </div>
      {step.waitsFor !== null && (
        <p className="nums mt-1 text-ink-soft text-xs">
          {step.waitsFor.ms > 0 ? `${formatDuration(step.waitsFor.ms)} left` : 'its time is over'}
          {' · '}
          {step.waitsFor.units > 0 ? `${formatCount(step.waitsFor.units)} units to come` : 'enough units'}
        </p>
      )}
    </li>
  );
}
