'use client';

import { MousePointerClick } from 'lucide-react';
import Link from 'next/link';
import { useMemo } from 'react';
import { sessionsHref } from '@/sessions/sessions-href';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { formatCount, formatShare } from '@/ui/format-number';
import { type MapPoints, topMovers } from './map-points';
import { chooseTouching } from './touching-items';

export interface MapSideProps {
  points: MapPoints;
  own: Float32Array;
  /** Places on the other map; null: none is chosen. */
  moved: Float32Array | null;
  selected: readonly number[];
  onClear: () => void;
  onOpen: (index: number) => void;
}

const listed = 200;
const moversListed = 30;

export function MapSide({ points, own, moved, selected, onClear, onOpen }: MapSideProps) {
  const movers = useMemo(
    () => (moved === null ? [] : topMovers(own, moved, { items: points.items, count: moversListed })),
    [own, moved, points.items],
  );
  return (
    <div className="space-y-4">
      <Card
        title="Selected"
        hint={selected.length === 0 ? undefined : `${formatCount(selected.length)} points`}
        actions={
          selected.length > 0 && (
            <Button size="small" kind="quiet" onClick={onClear}>
              Clear
            </Button>
          )
        }
        isFlush
      >
        {selected.length === 0 ? (
          <p className="px-4 py-3 text-ink-faint">
            Press Lasso and circle points, or drag with Shift. Click a point to see it and its neighbours.
          </p>
        ) : (
          <PointList points={points} rows={selected.slice(0, listed).map((index) => ({ index }))} onOpen={onOpen} />
        )}
        <SessionsLink points={points} selected={selected} />
        {selected.length > listed && (
          <p className="border-t px-4 py-2 text-ink-faint text-xs">The first {listed} are listed.</p>
        )}
      </Card>
      {moved !== null && (
        <Card title="Top movers" hint="Furthest apart on the two maps, in shares of its width." isFlush>
          <PointList
            points={points}
            rows={movers.map(({ index, distance }) => ({ index, note: formatShare(distance) }))}
            onOpen={onOpen}
          />
        </Card>
      )}
    </div>
  );
}

function SessionsLink({ points, selected }: Pick<MapSideProps, 'points' | 'selected'>) {
  const { ids, isAll } = useMemo(() => chooseTouching(points, selected), [points, selected]);
  if (ids.length === 0) return null;
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 border-t px-4 py-2">
      <Button asChild size="small">
        <Link href={sessionsHref({ items: ids })} prefetch={false}>
          <MousePointerClick aria-hidden /> Sessions touching these
        </Link>
      </Button>
      {!isAll && <span className="text-ink-faint text-xs">those of the {formatCount(ids.length)} most clicked</span>}
    </div>
  );
}

interface PointListProps {
  points: MapPoints;
  rows: { index: number; note?: string }[];
  onOpen: (index: number) => void;
}

function PointList({ points, rows, onOpen }: PointListProps) {
  return (
    <ul className="max-h-72 divide-y overflow-y-auto">
      {rows.map(({ index, note }) => {
        const isQuery = index >= points.items;
        const hint = note ?? (isQuery ? 'query' : `${formatCount(points.clicks[index])} clicks`);
        return (
          <li key={index}>
            <button
              type="button"
              disabled={isQuery}
              onClick={() => onOpen(index)}
              className="flex w-full items-center gap-3 px-4 py-1.5 text-left -outline-offset-2 enabled:hover:bg-hover"
            >
              <span className="min-w-0 flex-1 truncate">{points.titles[index]}</span>
              <span className="nums shrink-0 text-ink-faint text-xs">{hint}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
