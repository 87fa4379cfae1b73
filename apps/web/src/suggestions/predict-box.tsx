'use client';

import { useQuery } from '@tanstack/react-query';
import { parseAsString, useQueryState } from 'nuqs';
import { useId } from 'react';
import { useTRPC } from '@/trpc/client';
import { Card } from '@/ui/card';
import { errorText } from '@/ui/error-text';
import { formatCount, formatDecimal, formatShare } from '@/ui/format-number';
import { inputLook } from '@/ui/text-field';
import { useDebounced } from './use-debounced';

/** The categories of a query with their probabilities. */
export function PredictBox({ isFitted }: { isFitted: boolean }) {
  const trpc = useTRPC();
  const id = useId();
  const [typed, setTyped] = useQueryState('q', parseAsString.withDefault(''));
  const query = useDebounced(typed.trim(), 300);
  const predicted = useQuery(
    trpc.category.predictCategories.queryOptions(
      { query },
      { enabled: query !== '' && isFitted, placeholderData: (before) => before },
    ),
  );
  const answer = query === '' ? undefined : predicted.data;
  return (
    <Card title="What does a query mean?" hint="The category that people who type it look for.">
      <label htmlFor={id} className="sr-only">
        Query
      </label>
      <input
        id={id}
        type="search"
        className={inputLook}
        placeholder={isFitted ? 'Type a query' : 'Fit the categories first'}
        disabled={!isFitted}
        value={typed}
        onChange={({ target }) => void setTyped(target.value)}
      />
      <div className="mt-3" aria-live="polite" aria-busy={predicted.isFetching}>
        {predicted.error !== null && <p className="text-bad">{errorText(predicted.error)}</p>}
        {answer?.degraded.includes('categories_refitting') && (
          <p className="text-warn">
            The collection that serves is new: its categories are being fitted. Try again soon.
          </p>
        )}
        {answer?.isAbstaining && answer.degraded.length === 0 && (
          <p className="text-ink-soft">
            No category is likely enough (threshold {formatShare(answer.threshold, 0)}), so that none is answered.
          </p>
        )}
        <ol className="space-y-2">
          {answer?.categories.map(({ category, probability, distance, items }) => (
            <li key={category}>
              <div className="flex items-baseline gap-2">
                <span className="min-w-0 flex-1 truncate font-medium">{category}</span>
                <span className="nums text-ink-faint text-xs">
                  {formatCount(items)} items · distance {formatDecimal(distance, 2)}
                </span>
                <span className="nums w-14 text-right">{formatShare(probability)}</span>
              </div>
              <div aria-hidden className="mt-1 h-1.5 rounded-full bg-sunken">
                <div className="h-full rounded-full bg-series-1" style={{ width: `${probability * 100}%` }} />
              </div>
            </li>
          ))}
        </ol>
      </div>
    </Card>
  );
}
