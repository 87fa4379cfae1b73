'use client';

import type { AppRouter } from '@embedding-studio/api';
import type { inferProcedureOutput } from '@trpc/server';
import { Copy } from 'lucide-react';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { EmptyState } from '@/ui/empty-state';
import { formatCount, formatDuration } from '@/ui/format-number';
import { toast } from '@/ui/toast';

export type RestAnswer = inferProcedureOutput<AppRouter['request']['runRestRequest']>;

/** What came back, as the public address would send it. */
export function RequestAnswer({ answer, isPending }: { answer: RestAnswer | undefined; isPending: boolean }) {
  if (answer === undefined)
    return (
      <Card>
        <EmptyState title={isPending ? 'On its way…' : 'The answer comes here'}>
          Requests run inside the console with your own rights: what your role may not do answers 403. What changes
          something is audited under your name.
        </EmptyState>
      </Card>
    );
  const copy = () =>
    navigator.clipboard.writeText(answer.body).then(
      () => toast.success('Copied'),
      () => toast.error('Not copied: the browser does not let this page write to the clipboard.'),
    );
  return (
    <Card
      title={
        <span className="flex items-center gap-2">
          <Badge tone={answer.status < 300 ? 'good' : 'bad'} className="nums">
            {answer.status}
          </Badge>
          <span className="nums font-normal text-ink-faint text-xs">
            {formatDuration(answer.tookMs)} · {formatCount(answer.length)} characters
          </span>
        </span>
      }
      actions={
        <Button size="small" kind="quiet" onClick={() => void copy()}>
          <Copy aria-hidden /> Copy
        </Button>
      }
      isFlush
    >
      <pre
        tabIndex={0}
        role="region"
        aria-label="Answer"
        className="max-h-[36rem] overflow-auto p-4 font-mono text-xs leading-5"
      >
        {answer.body}
      </pre>
      {answer.isCut && (
        <p className="border-t px-4 py-2 text-warn text-xs">Cut here: ask for fewer rows to see it all.</p>
      )}
    </Card>
  );
}
