import type { FineTuningJob } from '@embedding-studio/core';
import Link from 'next/link';
import { formatDelta, formatDuration } from '@/ui/format-number';
import { Time } from '@/ui/time';
import { StateBadge } from './state-badge';
import { Stepper } from './stepper';
import { stepsOf } from './steps';

export function JobRow({ job }: { job: FineTuningJob }) {
  const { progress, gate } = job;
  const isTraining = job.status === 'processing' && progress !== null;
  return (
    <li>
      <Link
        href={`/fine-tuning/${encodeURIComponent(job.jobId)}`}
        className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-1 px-4 py-3 hover:bg-hover md:grid-cols-[minmax(0,1.6fr)_150px_minmax(0,1fr)_110px]"
      >
        <span className="min-w-0">
          <span className="flex items-center gap-2">
            <span className="truncate font-medium">{job.model?.name ?? `${job.baseModel.name} by ${job.method}`}</span>
            <StateBadge job={job} />
          </span>
          <span className="block truncate text-ink-faint text-xs">
            {job.method}, from {job.baseModel.name}
          </span>
        </span>
        <span className="hidden md:block">
          <Stepper steps={stepsOf(job)} isCompact />
        </span>
        <span className="nums hidden min-w-0 truncate text-ink-soft text-xs md:block">
          {isTraining && (
            <>
              {progress.note}
              {progress.secondsLeft !== null && `, ${formatDuration(progress.secondsLeft * 1_000)} left`}
            </>
          )}
          {!isTraining &&
            gate &&
            `nDCG@10 ${formatDelta(gate.delta.mean, 4)}, ${gate.wins} wins, ${gate.losses} losses`}
          {!isTraining && !gate && job.error && <span className="text-bad">{job.error.message}</span>}
        </span>
        <span className="text-right text-ink-faint text-xs">
          <Time at={job.createdAt} />
        </span>
      </Link>
    </li>
  );
}
