'use client';

import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { useTRPCClient } from '@/trpc/client';
import { Badge } from '@/ui/badge';
import { Card } from '@/ui/card';
import { errorText } from '@/ui/error-text';
import { formatDecimal, formatDuration } from '@/ui/format-number';
import { inputLook } from '@/ui/text-field';
import { useDebounced } from './use-debounced';

const topK = 8;

/** What people are offered while they type. */
export function TryBox() {
  const client = useTRPCClient();
  const id = useId();
  const [typed, setTyped] = useState('');
  const phrase = useDebounced(typed, 80);
  const query = useQuery({
    queryKey: ['suggestion', 'try', phrase],
    queryFn: async ({ signal }) => {
      const startedMs = performance.now();
      const offered = await client.suggestion.suggestPhrases.query({ phrase, topK }, { signal });
      return { offered, ms: performance.now() - startedMs };
    },
    enabled: phrase.trim() !== '',
    placeholderData: (before) => before,
    staleTime: 0,
  });
  const isEmpty = phrase.trim() === '';
  const offered = isEmpty ? [] : (query.data?.offered ?? []);
  const latency = !isEmpty && query.data !== undefined ? formatDuration(query.data.ms) : null;
  return (
    <Card
      title="Try it"
      hint="As people meet it in the search box."
      actions={
        latency !== null && (
          <span className="nums text-ink-faint text-xs" title="From the browser and back">
            {latency}
          </span>
        )
      }
    >
      <label htmlFor={id} className="sr-only">
        What is typed
      </label>
      <input
        id={id}
        type="search"
        className={inputLook}
        placeholder="Type the beginning of a query"
        autoComplete="off"
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
      />
      <div aria-live="polite" className="mt-2 min-h-8">
        {query.error !== null && <p className="text-bad">{errorText(query.error)}</p>}
        {!isEmpty && query.data !== undefined && offered.length === 0 && (
          <p className="text-ink-faint">Nothing begins like this, not even with one letter undone.</p>
        )}
        <ul>
          {offered.map(({ phrase: text, prob, labels }) => (
            <li key={text} className="flex items-center gap-2 rounded px-2 py-1 hover:bg-hover">
              <span className="min-w-0 flex-1 truncate">{text}</span>
              {labels.map((label) => (
                <Badge key={label}>{label}</Badge>
              ))}
              <span className="nums text-ink-faint text-xs">{formatDecimal(prob, 3)}</span>
            </li>
          ))}
        </ul>
      </div>
    </Card>
  );
}
