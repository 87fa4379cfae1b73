'use client';

import type { ProjectionManifest } from '@embedding-studio/contracts';
import { Lasso } from 'lucide-react';
import { useTheme } from 'next-themes';
import { useCallback, useMemo, useRef, useState } from 'react';
import { useCollectionNames } from '@/search/use-collection-names';
import { Button } from '@/ui/button';
import { formatCount, formatDecimal } from '@/ui/format-number';
import { QueryView } from '@/ui/query-view';
import { Segmented } from '@/ui/segmented';
import { Skeleton } from '@/ui/skeleton';
import { Switch } from '@/ui/switch';
import { Time } from '@/ui/time';
import { moves } from '@/ui/use-list-keys';
import { ItemPeek } from './item-peek';
import { fitPoints, type MapPoints, placesOn } from './map-points';
import { MapSide } from './map-side';
import { MapTable } from './map-table';
import { type ColourBy, legendOf, paintPoints } from './point-colours';
import { Scatter } from './scatter';
import { useMap } from './use-map';
import { useMapState } from './use-map-state';
import type { View } from './viewport';

export interface MapViewProps {
  manifest: ProjectionManifest;
  /** Maps of other collections to compare with. */
  others: ProjectionManifest[];
}

export function MapView({ manifest, others }: MapViewProps) {
  const [{ compare }] = useMapState();
  const other = others.find(({ collectionId }) => collectionId === compare) ?? null;
  const own = useMap(manifest);
  const second = useMap(other);
  return (
    <QueryView query={own} skeleton={<Skeleton className="h-[70dvh]" />}>
      {(points) => <Loaded manifest={manifest} others={others} points={points} second={second.data ?? null} />}
    </QueryView>
  );
}

function usePlaces(points: MapPoints, second: MapPoints | null) {
  const { own, moved } = useMemo(() => {
    if (second === null) return { own: fitPoints([points.xy])[0] ?? points.xy, moved: null };
    const [fitted = points.xy, there = points.xy] = fitPoints([points.xy, placesOn(points, second)]);
    return { own: fitted, moved: there };
  }, [points, second]);
  const to = moved ?? own;
  const last = useRef(to);
  // What was on the screen before is where the way begins.
  const from = useMemo(() => {
    const before = last.current;
    last.current = to;
    return before;
  }, [to]);
  return { own, moved, from, to };
}

type LoadedProps = MapViewProps & { points: MapPoints; second: MapPoints | null };

function Loaded({ manifest, others, points, second }: LoadedProps) {
  const [state, setState] = useMapState();
  const { resolvedTheme } = useTheme();
  const [selected, setSelected] = useState<number[]>([]);
  const [isLasso, setLasso] = useState(false);
  const { own, moved, from, to } = usePlaces(points, second);
  const { colour: by, queries: hasQueries } = state;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours themselves follow the theme.
  const colours = useMemo(
    () => paintPoints(points, { by, hasQueries, selected: new Set(selected) }),
    [points, by, hasQueries, selected, resolvedTheme],
  );
  const pick = useCallback(
    (index: number) => {
      if (index < points.items) void setState({ item: points.ids[index] ?? null });
      else setSelected([index]);
    },
    [points, setState],
  );
  const openItem = useCallback((item: string) => void setState({ item }), [setState]);
  const toTable = useCallback(() => void setState({ view: 'table' }), [setState]);
  const keepView = useCallback((at: View) => void setState({ at }), [setState]);
  const circle = useCallback((indices: number[]) => {
    setSelected(indices);
    setLasso(false);
  }, []);
  return (
    <>
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <Controls others={others} />
        <Button aria-pressed={isLasso} kind={isLasso ? 'primary' : 'secondary'} onClick={() => setLasso(!isLasso)}>
          <Lasso aria-hidden /> Lasso
        </Button>
        <p className="ml-auto text-ink-faint text-xs">
          {formatCount(points.items)} of {formatCount(manifest.itemsTotal)} items,{' '}
          {formatCount(points.ids.length - points.items)} queries · drawn <Time at={manifest.createdAt} />
        </p>
      </div>
      <div className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="min-w-0 rounded-lg border bg-surface">
          {state.view === 'table' ? (
            <MapTable points={points} manifest={manifest} openId={state.item} onOpen={pick} />
          ) : (
            <>
              <div className="h-[62dvh] min-h-80">
                <Scatter
                  {...{ points, from, to, colours, hasQueries, isLasso }}
                  onPick={pick}
                  onLasso={circle}
                  startView={state.at}
                  onView={keepView}
                  onUnsupported={toTable}
                />
              </div>
              <Legend manifest={manifest} by={by} hasQueries={hasQueries} />
            </>
          )}
        </div>
        <MapSide {...{ points, own, moved, selected }} onClear={() => setSelected([])} onOpen={pick} />
      </div>
      {state.item !== null && (
        <ItemPeek
          key={state.item}
          collectionId={manifest.collectionId}
          itemId={state.item}
          onOpen={openItem}
          {...moves(walkable(points, selected), state.item, openItem)}
          onClose={() => void setState({ item: null })}
        />
      )}
    </>
  );
}

/** What j and k walk through: what is marked, else all items. */
function walkable(points: MapPoints, selected: readonly number[]): string[] {
  const marked = selected.filter((index) => index < points.items).map((index) => points.ids[index] ?? '');
  return marked.length > 0 ? marked : points.ids.slice(0, points.items);
}

function Controls({ others }: { others: ProjectionManifest[] }) {
  const [state, setState] = useMapState();
  const nameOf = useCollectionNames();
  return (
    <>
      <Segmented
        label="View"
        value={state.view}
        options={[
          { value: 'map', title: 'Map' },
          { value: 'table', title: 'Table' },
        ]}
        onChange={(view) => void setState({ view })}
      />
      <Segmented
        label="Colour by"
        value={state.colour}
        options={[
          { value: 'category', title: 'Category' },
          { value: 'clicks', title: 'Clicks' },
          { value: 'ctr', title: 'CTR' },
        ]}
        onChange={(colour: ColourBy) => void setState({ colour })}
      />
      {others.length > 0 && (
        <Segmented
          label="Places by"
          value={state.compare ?? 'own'}
          options={[
            { value: 'own', title: 'This model' },
            ...others.slice(0, 3).map(({ collectionId }) => ({ value: collectionId, title: nameOf(collectionId) })),
          ]}
          onChange={(value) => void setState({ compare: value === 'own' ? null : value })}
        />
      )}
      <Switch label="Queries" isOn={state.queries} onChange={(queries) => void setState({ queries })} />
    </>
  );
}

function Legend({ manifest, by, hasQueries }: { manifest: ProjectionManifest; by: ColourBy; hasQueries: boolean }) {
  const entries = legendOf(manifest.categories, by);
  const all = hasQueries ? [...entries, { label: 'queries', colour: '--bad' }] : entries;
  const { alignedTo } = manifest;
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1 border-t px-4 py-2 text-ink-soft text-xs">
      {by === 'category' && manifest.field !== null && <span className="text-ink-faint">{manifest.field}:</span>}
      {all.map(({ label, colour }) => (
        <span key={label} className="inline-flex items-center gap-1.5">
          <span aria-hidden className="size-2 rounded-full" style={{ background: `var(${colour})` }} />
          {label}
        </span>
      ))}
      {alignedTo !== null && (
        <span className="ml-auto text-ink-faint">
          Laid on the other map by {formatCount(alignedTo.shared)} items; {formatDecimal(1 - alignedTo.residual, 2)} of
          its shape is the same.
        </span>
      )}
    </div>
  );
}
