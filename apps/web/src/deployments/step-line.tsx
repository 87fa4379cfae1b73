import { Check, Circle, CircleDashed, LoaderCircle, X } from 'lucide-react';
import Link from 'next/link';
import { classNames } from '@/ui/class-names';
import { formatDuration, noValue } from '@/ui/format-number';
import { formatAbsolute } from '@/ui/time';
import type { RolloutDetail } from './rollout-types';

type Step = RolloutDetail['steps'][number];

const titles: Record<string, string> = {
  fine_tuning: 'Fine-tuning',
  evaluation: 'Gate',
  deployment: 'Model server',
  reindex: 'Reindex',
  verification: 'Verification',
  switch: 'Switch',
};

const looks = {
  done: { icon: Check, word: 'done', className: 'text-good' },
  running: { icon: LoaderCircle, word: 'running', className: 'text-accent [&_svg]:animate-spin' },
  waiting: { icon: Circle, word: 'waiting', className: 'text-ink-faint' },
  failed: { icon: X, word: 'failed', className: 'text-bad' },
  rejected: { icon: X, word: 'rejected', className: 'text-bad' },
  skipped: { icon: CircleDashed, word: 'not part of it', className: 'text-ink-faint' },
} as const;

/** The saga from left to right, with how long each step took. */
export function StepLine({ steps }: { steps: Step[] }) {
  return (
    <ol aria-label="Steps" className="grid gap-2 sm:grid-cols-3 xl:grid-cols-6">
      {steps.map((step) => (
        <StepCard key={step.kind} step={step} />
      ))}
    </ol>
  );
}

function StepCard({ step }: { step: Step }) {
  const { icon: Icon, word, className } = looks[step.status];
  const { startedAt, endedAt, task } = step;
  const took = startedAt !== null && endedAt !== null ? endedAt.getTime() - startedAt.getTime() : null;
  return (
    <li
      className={classNames(
        'grid content-start gap-1 rounded-lg border bg-surface p-3',
        step.status === 'running' && 'border-accent/60',
      )}
      aria-current={step.status === 'running' ? 'step' : undefined}
    >
      <div className={classNames('flex items-center gap-1.5 font-medium', className)}>
        <Icon aria-hidden className="size-3.5 shrink-0" />
        <span className="text-ink">{titles[step.kind] ?? step.kind}</span>
      </div>
      <div className="nums flex flex-wrap gap-x-2 text-xs">
        <span className={className}>{word}</span>
        <span className="text-ink-faint" title={startedAt === null ? undefined : `Began ${formatAbsolute(startedAt)}`}>
          {took === null ? (step.status === 'done' ? noValue : '') : formatDuration(took)}
        </span>
      </div>
      {step.reason !== null && (
        <p
          className={classNames(
            'line-clamp-4 break-words text-xs',
            step.status === 'failed' ? 'text-bad' : 'text-ink-soft',
          )}
          title={step.reason}
        >
          {step.reason}
        </p>
      )}
      {task !== null && (
        <Link
          href={`/queues?tab=jobs&job=${encodeURIComponent(task.id)}`}
          className="w-fit text-ink-soft text-xs underline underline-offset-2 hover:text-accent"
        >
          Job{task.attempt > 1 ? `, attempt ${task.attempt}` : ''}
        </Link>
      )}
    </li>
  );
}
