'use client';

import { Copy, Plus, SlidersHorizontal, X } from 'lucide-react';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { formatDecimal, formatDuration } from '@/ui/format-number';
import { Time } from '@/ui/time';
import { Tooltip } from '@/ui/tooltip';
import { gridColumn } from './board-grid';
import type { Compared, ComparedColumn } from './compared';
import { columnsMax, describeSetting } from './setting';
import { SettingPanel } from './setting-panel';
import { useCollectionNames } from './use-collection-names';
import type { Playground } from './use-playground';

export interface ColumnHeadsProps {
  playground: Playground;
  compared: Compared | undefined;
}

/** What each column searches, and how it did: the first row of the grid. */
export function ColumnHeads({ playground, compared }: ColumnHeadsProps) {
  const { columns, setColumns, session } = playground;
  const shift = session === null ? 0 : 1;
  const replayed = compared?.columns[0]?.kind === 'session' ? compared.columns[0] : undefined;
  return (
    <>
      {session !== null && (
        <SessionHead column={replayed} onClose={() => void playground.setState({ session: null })} />
      )}
      {columns.map((setting, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: columns are their places.
        <Head key={index} place={index + shift}>
          <SettingHead
            {...{ playground, index }}
            answered={compared?.columns.length === columns.length + shift ? compared.columns[index + shift] : undefined}
            onCopy={
              columns.length < columnsMax
                ? () => void setColumns([...columns.slice(0, index + 1), setting, ...columns.slice(index + 1)])
                : null
            }
            onRemove={columns.length > 1 ? () => void setColumns(columns.filter((_, at) => at !== index)) : null}
          />
        </Head>
      ))}
    </>
  );
}

function Head({ place, children }: { place: number; children: React.ReactNode }) {
  return (
    <div
      style={{ gridColumn: gridColumn(place), gridRow: 1 }}
      className="flex min-h-20 flex-col gap-1.5 rounded-t-lg border bg-surface px-3 py-2"
    >
      {children}
    </div>
  );
}

function SessionHead({ column, onClose }: { column: ComparedColumn | undefined; onClose: () => void }) {
  return (
    <Head place={0}>
      <div className="flex items-center gap-1.5">
        <h2 className="flex-1 font-semibold">As it was shown</h2>
        <Button kind="quiet" size="icon" aria-label="Leave the replay" onClick={onClose}>
          <X />
        </Button>
      </div>
      <p className="flex flex-wrap items-center gap-x-2 text-ink-faint text-xs">
        {column?.session && (
          <>
            <Time at={column.session.createdAt} />
            {column.session.userId !== null && <span className="truncate">user {column.session.userId}</span>}
          </>
        )}
        {column && <Quality column={column} />}
      </p>
    </Head>
  );
}

interface SettingHeadProps {
  playground: Playground;
  index: number;
  answered: ComparedColumn | undefined;
  /** null where there is no room for another column. */
  onCopy: (() => void) | null;
  onRemove: (() => void) | null;
}

function SettingHead({ playground, index, answered, onCopy, onRemove }: SettingHeadProps) {
  const setting = playground.columns[index] ?? {};
  const nameOf = useCollectionNames();
  const said = describeSetting(setting);
  return (
    <>
      <div className="flex items-center gap-0.5">
        <h2 className="min-w-0 flex-1 truncate font-semibold">{nameOf(setting.collectionId)}</h2>
        <SettingPanel playground={playground} index={index}>
          <Button kind="quiet" size="icon" aria-label={`Settings of column ${index + 1}`}>
            <SlidersHorizontal />
          </Button>
        </SettingPanel>
        <Tooltip content={onCopy ? 'Another column like this one' : `Four columns are the most`}>
          <Button
            kind="quiet"
            size="icon"
            aria-label={`Add a column like column ${index + 1}`}
            disabled={onCopy === null}
            onClick={onCopy ?? undefined}
          >
            {index === playground.columns.length - 1 ? <Plus /> : <Copy />}
          </Button>
        </Tooltip>
        {onRemove && (
          <Button kind="quiet" size="icon" aria-label={`Remove column ${index + 1}`} onClick={onRemove}>
            <X />
          </Button>
        )}
      </div>
      <p className="flex flex-wrap gap-1">
        {said.length === 0 && <span className="text-ink-faint text-xs">as users get it</span>}
        {said.map((one) => (
          <Badge key={one}>{one}</Badge>
        ))}
      </p>
      {answered && (
        <p className="mt-auto flex flex-wrap items-center gap-x-3 text-2xs text-ink-faint">
          <Quality column={answered} />
          {answered.search && (
            <>
              <span className="nums">{formatDuration(answered.search.tookMs)}</span>
              <span className="nums">{answered.search.candidates} candidates</span>
              {answered.search.personal && (
                <span className="nums">towards an interest, {formatDecimal(answered.search.personal.gate, 2)}</span>
              )}
              {answered.search.degraded.length > 0 && <Badge tone="warn">{answered.search.degraded.join(', ')}</Badge>}
            </>
          )}
        </p>
      )}
    </>
  );
}

function Quality({ column: { ndcg10, judged10 } }: { column: ComparedColumn }) {
  if (ndcg10 === null) return <span>nDCG@10 –</span>;
  return (
    <Tooltip content={`${judged10} of the first ten are judged; an unjudged item counts as not relevant`}>
      <button type="button" className="nums font-medium text-ink-soft">
        nDCG@10 {formatDecimal(ndcg10)} · {judged10}/10 judged
      </button>
    </Tooltip>
  );
}
