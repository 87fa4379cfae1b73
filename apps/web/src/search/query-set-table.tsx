'use client';

import { Card } from '@/ui/card';
import { formatCount, formatDecimal } from '@/ui/format-number';
import type { QuerySetResult } from './use-query-set';

export interface QuerySetTableProps {
  summary: QuerySetResult['summary'];
  onOpen: (query: string) => void;
}

/** Every query, the greatest disagreement first; a click opens it side by side. */
export function QuerySetTable({ summary, onOpen }: QuerySetTableProps) {
  const others = summary.columns.slice(1);
  return (
    <Card title="Where they disagree most" hint="A click opens the query side by side" isFlush>
      <div className="max-h-[32rem] overflow-auto">
        <table className="w-full min-w-[32rem] text-xs">
          <thead className="sticky top-0 bg-surface">
            <tr className="border-b text-left text-ink-faint">
              <th scope="col" className="px-4 py-2 font-normal">
                Query
              </th>
              <th scope="col" className="whitespace-nowrap px-4 py-2 text-right font-normal">
                Sessions
              </th>
              {others.map((_, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns are their places.
                <th key={index} scope="col" className="whitespace-nowrap px-4 py-2 text-right font-normal">
                  RBO 1 → {index + 2}
                </th>
              ))}
              {summary.columns.map((_, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns are their places.
                <th key={index} scope="col" className="whitespace-nowrap px-4 py-2 text-right font-normal">
                  nDCG {index + 1}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="nums">
            {summary.queries.map((one) => (
              <tr key={one.query} className="border-b last:border-b-0 hover:bg-hover">
                <td className="max-w-72 px-4 py-1.5">
                  <button
                    type="button"
                    className="block w-full truncate text-left hover:underline"
                    onClick={() => onOpen(one.query)}
                  >
                    {one.query}
                  </button>
                </td>
                <td className="px-4 py-1.5 text-right text-ink-faint">{formatCount(one.sessions)}</td>
                {one.others.map(({ rbo }, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: columns are their places.
                  <td key={index} className="px-4 py-1.5 text-right">
                    {formatDecimal(rbo, 2)}
                  </td>
                ))}
                {one.ndcg10.map((value, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: columns are their places.
                  <td key={index} className="px-4 py-1.5 text-right">
                    {formatDecimal(value)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}
