'use client';

import { classNames } from '@/ui/class-names';
import type { Compared } from './compared';

export const gradeNames = ['does not belong', 'marginal', 'good', 'exactly this'];

export interface JudgeButtonsProps {
  title: string;
  grade: Compared['grades'][string] | undefined;
  refusal: string | null;
  onJudge: (grade: number | null) => void;
}

/** 0–3 for the golden set; the own grade is pressed, and pressing it again takes it back. */
export function JudgeButtons({ title, grade, refusal, onJudge }: JudgeButtonsProps) {
  const own = grade?.own ?? null;
  return (
    <fieldset className="flex items-center rounded-md border" title={refusal ?? describe(grade)}>
      <legend className="sr-only">Judge {title}</legend>
      {gradeNames.map((name, value) => (
        <button
          key={name}
          type="button"
          tabIndex={-1}
          disabled={refusal !== null}
          aria-label={`${value}: ${name}`}
          aria-pressed={own === value}
          title={refusal ?? `${value}: ${name}`}
          onClick={() => onJudge(own === value ? null : value)}
          className={classNames(
            'nums h-6 w-6 text-2xs first-of-type:rounded-l-[5px] last-of-type:rounded-r-[5px] hover:bg-hover disabled:opacity-50',
            own === value ? 'bg-accent font-semibold text-accent-ink hover:bg-accent' : 'text-ink-faint',
          )}
        >
          {value}
        </button>
      ))}
    </fieldset>
  );
}

function describe(grade: JudgeButtonsProps['grade']): string | undefined {
  if (grade === undefined || grade.grade === null) return undefined;
  return `mean ${grade.grade.toFixed(1)} over ${grade.judges} ${grade.judges === 1 ? 'judge' : 'judges'}`;
}
