'use client';

import { Play, Square } from 'lucide-react';
import { useRefusal } from '@/shell/signed-in-user';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { EmptyState } from '@/ui/empty-state';
import { formatDecimal, formatDelta, formatShare, noValue } from '@/ui/format-number';
import { ProgressBar } from '@/ui/progress-bar';
import { SelectField } from '@/ui/select-field';
import { QuerySetTable } from './query-set-table';
import { describeSetting } from './setting';
import { useCollectionNames } from './use-collection-names';
import type { Playground } from './use-playground';
import { type QuerySetResult, useQuerySet } from './use-query-set';

const sources = [
  { value: 'sessions', title: 'Top queries of sessions' },
  { value: 'golden', title: 'Golden set' },
];

/** The columns of the comparison over many queries: one query can mislead, fifty seldom do. */
export function QuerySetView({ playground }: { playground: Playground }) {
  const { columns, source, setState, setColumns } = playground;
  const run = useQuerySet();
  const refusal = useRefusal('analyst');
  const needsMore = columns.length < 2;
  const blocked = source === 'sessions' ? refusal : null;
  return (
    <div className="space-y-4">
      <Card>
        <div className="flex flex-wrap items-end gap-3">
          <SelectField
            label="Queries"
            className="w-56"
            value={source}
            options={sources}
            onChange={(value) => void setState({ source: value as typeof source })}
          />
          {run.progress ? (
            <Button onClick={run.stop}>
              <Square aria-hidden /> Stop
            </Button>
          ) : (
            <Button
              kind="primary"
              disabled={needsMore || blocked !== null}
              title={blocked ?? undefined}
              onClick={() => run.start({ source, settings: columns, queries: 100 })}
            >
              <Play aria-hidden /> Compare {columns.length} columns
            </Button>
          )}
          {needsMore && (
            <Button onClick={() => void setColumns([...columns, { retriever: 'lexical' }])}>
              Add a column: words only
            </Button>
          )}
          <div className="min-w-40 flex-1">{run.progress && <SetProgress {...run.progress} />}</div>
        </div>
        {run.fault && <p className="mt-3 text-bad">{run.fault}</p>}
      </Card>
      {run.result ? (
        <QuerySetReport result={run.result} playground={playground} />
      ) : (
        <Card>
          <EmptyState title="Does the change hold beyond one query?">
            Runs your columns over up to a hundred queries: how much each differs from the first, how they do on judged
            queries, and where they disagree most.
          </EmptyState>
        </Card>
      )}
    </div>
  );
}

function SetProgress({ done, total }: { done: number; total: number }) {
  return (
    <div className="space-y-1">
      <p className="nums text-right text-2xs text-ink-faint">
        {total === 0 ? 'choosing queries' : `${done} of ${total}`}
      </p>
      <ProgressBar label="Queries compared" share={total === 0 ? null : done / total} />
    </div>
  );
}

function QuerySetReport({ result, playground }: { result: QuerySetResult; playground: Playground }) {
  const nameOf = useCollectionNames();
  const { summary, failed, total } = result;
  if (total === 0)
    return (
      <Card>
        <EmptyState title="There are no such queries yet">
          The golden set fills as you judge results with 0–3; queries of sessions come with the first searches.
        </EmptyState>
      </Card>
    );
  const nameColumn = (index: number) => {
    const setting = playground.columns[index] ?? {};
    return [nameOf(setting.collectionId), ...describeSetting(setting)].join(', ');
  };
  return (
    <>
      <Card
        title={`${total} queries`}
        hint={`${summary.judged} of them judged; compared with the first column`}
        isFlush
      >
        <div className="overflow-x-auto" role="region" aria-label="Columns compared" tabIndex={0}>
          <table className="w-full min-w-[40rem] text-xs">
            <thead>
              <tr className="border-b text-left text-ink-faint">
                {['Column', 'Jaccard', 'RBO', 'Same first hit', 'nDCG@10', 'Δ, 95 %', 'Wins : losses'].map(
                  (title, at) => (
                    <th
                      key={title}
                      scope="col"
                      className={`whitespace-nowrap px-4 py-2 font-normal ${at > 0 ? 'text-right' : ''}`}
                    >
                      {title}
                    </th>
                  ),
                )}
              </tr>
            </thead>
            <tbody className="nums">
              {summary.columns.map((column, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns are their places.
                <tr key={index} className="border-b text-right last:border-b-0">
                  <th scope="row" className="px-4 py-2 text-left font-medium">
                    {index + 1}. {nameColumn(index)}
                  </th>
                  <td className="px-4 py-2">{formatDecimal(column.jaccard, 2)}</td>
                  <td className="px-4 py-2">{formatDecimal(column.rbo, 2)}</td>
                  <td className="px-4 py-2">{formatShare(column.topKept, 0)}</td>
                  <td className="px-4 py-2">{formatDecimal(column.ndcg10)}</td>
                  <td className="whitespace-nowrap px-4 py-2">{describeDelta(column.delta)}</td>
                  <td className="px-4 py-2">{column.delta === null ? noValue : `${column.wins} : ${column.losses}`}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        {failed.length > 0 && (
          <p className="border-t px-4 py-2 text-bad text-xs">
            {failed.length} queries failed, the first: {failed[0]?.query}: {failed[0]?.message}
          </p>
        )}
      </Card>
      <QuerySetTable
        summary={summary}
        onOpen={(q) => void playground.setState({ view: 'compare', q, session: null })}
      />
    </>
  );
}

function describeDelta(delta: QuerySetResult['summary']['columns'][number]['delta']): string {
  if (delta === null) return noValue;
  return `${formatDelta(delta.mean)} [${formatDelta(delta.lo)}, ${formatDelta(delta.hi)}]`;
}
