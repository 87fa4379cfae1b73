'use client';

import type { ReadoutInterleaving } from '@embedding-studio/contracts';
import { ChartFrame } from '@/ui/chart-frame';
import { formatDecimal } from '@/ui/format-number';
import { type PlainColumn, PlainTable } from '@/ui/plain-table';

type Credit = ReadoutInterleaving['credit'][number];

/** Where in the list the clicks were that gave credit. */
export function CreditByPlace({ credit, first, second }: { credit: Credit[]; first: string; second: string }) {
  const columns: PlainColumn<Credit>[] = [
    { id: 'place', header: 'Place', cell: ({ place }) => place },
    { id: 'first', header: first, align: 'right', cell: (row) => formatDecimal(row.first, 1) },
    { id: 'second', header: second, align: 'right', cell: (row) => formatDecimal(row.second, 1) },
  ];
  return (
    <ChartFrame
      title="Credit by place"
      hint="Weight of the clicks on items that one arm put there, from the top of the list"
      height="auto"
      chart={<Bars credit={credit} first={first} second={second} />}
      table={
        <PlainTable caption="Credit by place" columns={columns} rows={credit} rowKey={({ place }) => String(place)} />
      }
    />
  );
}

function Bars({ credit, first, second }: { credit: Credit[]; first: string; second: string }) {
  const most = Math.max(1e-9, ...credit.flatMap((row) => [row.first, row.second]));
  const height = (value: number) => `${(value / most) * 100}%`;
  return (
    <div role="img" aria-label={`Credit of ${first} and ${second} at ${credit.length} places`}>
      <div className="flex h-36 items-end gap-1.5 border-b">
        {credit.map((row) => (
          <div key={row.place} className="flex h-full min-w-0 flex-1 items-end justify-center gap-px">
            <span className="max-w-4 flex-1 rounded-t-sm bg-series-2" style={{ height: height(row.first) }} />
            <span className="max-w-4 flex-1 rounded-t-sm bg-series-3" style={{ height: height(row.second) }} />
          </div>
        ))}
      </div>
      <div className="nums flex gap-1.5 text-2xs text-ink-faint">
        {credit.map(({ place }) => (
          <span key={place} className="min-w-0 flex-1 text-center">
            {place}
          </span>
        ))}
      </div>
      <ul className="mt-1 flex gap-4 text-xs">
        <li className="flex items-center gap-1.5">
          <span className="size-2 rounded-full bg-series-2" /> {first}
        </li>
        <li className="flex items-center gap-1.5">
          <span className="size-2 rounded-full bg-series-3" /> {second}
        </li>
      </ul>
    </div>
  );
}
