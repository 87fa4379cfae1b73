'use client';

import type { ProjectionManifest } from '@embedding-studio/contracts';
import { useMemo, useState } from 'react';
import { type Column, DataTable } from '@/ui/data-table';
import { formatCount, formatShare, noValue } from '@/ui/format-number';
import { inputLook } from '@/ui/text-field';
import type { MapPoints } from './map-points';
import { ctrOf } from './point-colours';

export interface MapTableProps {
  points: MapPoints;
  manifest: ProjectionManifest;
  openId: string | null;
  onOpen: (index: number) => void;
}

/** The map for those who cannot see it: every item, most clicked first; its neighbours are a row away. */
export function MapTable({ points, manifest, openId, onOpen }: MapTableProps) {
  const [text, setText] = useState('');
  const rows = useMemo(() => {
    const wanted = text.toLowerCase();
    const all = Array.from({ length: points.items }, (_, index) => index);
    const found = all.filter((index) => points.titles[index]?.toLowerCase().includes(wanted));
    return found.sort((left, right) => (points.clicks[right] ?? 0) - (points.clicks[left] ?? 0));
  }, [points, text]);
  const columns: Column<number>[] = [
    { id: 'title', header: 'Item', width: 'minmax(10rem, 2fr)', cell: (index) => points.titles[index] },
    {
      id: 'category',
      header: manifest.field ?? 'Category',
      width: 'minmax(6rem, 1fr)',
      cell: (index) => manifest.categories[points.category[index] ?? -1] ?? noValue,
    },
    { id: 'shown', header: 'Shown', width: '5rem', align: 'right', cell: (index) => formatCount(points.shown[index]) },
    {
      id: 'clicks',
      header: 'Clicks',
      width: '5rem',
      align: 'right',
      cell: (index) => formatCount(points.clicks[index]),
    },
    { id: 'ctr', header: 'CTR', width: '5rem', align: 'right', cell: (index) => formatShare(ctrOf(points, index)) },
  ];
  return (
    <>
      <div className="border-b p-2">
        <input
          aria-label="Find in titles"
          placeholder="Find in titles"
          value={text}
          onChange={(event) => setText(event.target.value)}
          className={`${inputLook} max-w-64`}
        />
      </div>
      <DataTable
        label="Items of the map"
        columns={columns}
        rows={rows}
        rowKey={(index) => points.ids[index] ?? String(index)}
        openKey={openId}
        onOpen={onOpen}
        rowHeight={34}
        height="60dvh"
        empty={<p className="p-6 text-center text-ink-faint">No title has that in it.</p>}
      />
    </>
  );
}
