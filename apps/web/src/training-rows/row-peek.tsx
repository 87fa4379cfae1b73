'use client';

import type { TrainingRowView } from '@embedding-studio/core';
import Link from 'next/link';
import { sessionsHref } from '@/sessions/sessions-href';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { FactList } from '@/ui/fact-list';
import { formatCount, formatDecimal, noValue } from '@/ui/format-number';
import { Peek } from '@/ui/peek';
import { labelTone } from './row-words';
import { useRowFilter } from './use-training-rows';

export interface RowPeekProps {
  row: TrainingRowView;
  onClose: () => void;
  onPrevious?: () => void;
  onNext?: () => void;
}

/** All about one row, and the ways to its session and to the rows like it. */
export function RowPeek({ row, ...moves }: RowPeekProps) {
  const { setFields } = useRowFilter();
  const only = (fields: Parameters<typeof setFields>[0]) => () => void setFields(null).then(() => setFields(fields));
  return (
    <Peek
      title={row.query}
      hint={`Row ${formatCount(row.number + 1)}`}
      actions={
        <>
          <Button kind="quiet" onClick={only({ item: row.itemId })}>
            Rows of the item
          </Button>
          <Button kind="quiet" onClick={only({ session: row.sessionId })}>
            Rows of the session
          </Button>
          <Button asChild>
            <Link href={sessionsHref({ session: row.sessionId })}>Open the session</Link>
          </Button>
        </>
      }
      {...moves}
    >
      <div className="space-y-4">
        <p>
          <Badge tone={labelTone[row.label]} className="mr-2">
            {row.label}
          </Badge>
          {row.words}
        </p>
        <FactList facts={factsOf(row)} />
      </div>
    </Peek>
  );
}

function factsOf(row: TrainingRowView): Parameters<typeof FactList>[0]['facts'] {
  return [
    ['Item', row.title ?? 'no longer there'],
    ['Item id', <code key="item">{row.itemId}</code>],
    ['Position', `${formatCount(row.position)} (${row.order} order)`],
    ['Trained on', row.isUsed ? 'yes' : 'no'],
    ['Weight', formatDecimal(row.weight, 4)],
    ['Satisfaction', formatDecimal(row.satisfaction, 4)],
    ['Propensity', formatDecimal(row.propensity, 4)],
    ['Event', row.event ?? noValue],
    ['Stayed', row.dwellSeconds === null ? noValue : `${formatDecimal(row.dwellSeconds, 1)} s`],
    ['Session', <code key="session">{row.sessionId}</code>],
    ['Query id', <code key="query">{row.queryId}</code>],
  ];
}
