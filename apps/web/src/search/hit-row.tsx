'use client';

import { Badge } from '@/ui/badge';
import { classNames } from '@/ui/class-names';
import { rowHeight } from './board-grid';
import { type Compared, type ComparedColumn, findImage, summarisePayload } from './compared';
import { JudgeButtons } from './judge-buttons';
import { MoveChips } from './move-chip';
import { ScoreBar } from './score-bar';

export interface HitRowProps {
  compared: Compared;
  column: number;
  row: number;
  isActive: boolean;
  isSelected: boolean;
  refusal: string | null;
  onHover: (itemId: string | null) => void;
  onOpen: (itemId: string) => void;
  onJudge: (itemId: string, grade: number | null) => void;
}

/** One result: place, title, what moved, parts of its score, and its grade. */
export function HitRow(props: HitRowProps) {
  const { compared, column, row, isActive, isSelected, refusal, onHover, onOpen, onJudge } = props;
  const list = compared.columns[column];
  const hit = list?.hits[row];
  if (list === undefined || hit === undefined) return null;
  const { itemId } = hit;
  const item = compared.items[itemId];
  const title = item?.title || itemId;
  const look = isSelected ? 'bg-selected' : isActive ? 'bg-hover' : '';
  return (
    <li
      style={{ height: rowHeight }}
      className={classNames('flex items-start gap-2.5 border-b px-3 py-2 last:border-b-0', look)}
      onMouseEnter={() => onHover(itemId)}
      onMouseLeave={() => onHover(null)}
    >
      <span className="nums w-5 shrink-0 pt-px text-right text-ink-faint text-xs">{row + 1}</span>
      <Thumbnail payload={item?.payload ?? {}} />
      <div className="flex h-full min-w-0 flex-1 flex-col">
        <div className="flex items-center gap-1.5">
          <button
            type="button"
            data-cell={`${column}:${row}`}
            data-item={itemId}
            onClick={() => onOpen(itemId)}
            onFocus={() => onHover(itemId)}
            className="min-w-0 flex-1 truncate text-left font-medium hover:underline"
          >
            {title}
          </button>
          <MoveChips compared={compared} column={column} itemId={itemId} />
        </div>
        <div className="flex items-center gap-2">
          <p className="min-w-0 flex-1 truncate text-ink-faint text-xs">
            {item === undefined ? 'no longer among the items' : summarisePayload(item.payload) || itemId}
          </p>
          <JudgeButtons
            title={title}
            grade={compared.grades[itemId]}
            refusal={refusal}
            onJudge={(grade) => onJudge(itemId, grade)}
          />
        </div>
        <div className="mt-auto">
          {hit.score === null ? <UserActions events={hit.events} /> : <ScoreBar hit={hit} scale={bestScore(list)} />}
        </div>
      </div>
    </li>
  );
}

function bestScore({ hits }: ComparedColumn): number {
  return Math.max(0, ...hits.map(({ score }) => score ?? 0));
}

function Thumbnail({ payload }: { payload: Record<string, unknown> }) {
  const src = findImage(payload);
  if (src === null) return null;
  // biome-ignore lint/performance/noImgElement: pictures of any host, already small.
  return <img src={src} alt="" loading="lazy" className="size-12 shrink-0 rounded border bg-sunken object-cover" />;
}

function UserActions({ events = [] }: { events?: string[] }) {
  if (events.length === 0) return <span className="text-2xs text-ink-faint">passed over</span>;
  return (
    <span className="flex gap-1">
      {[...new Set(events)].map((type) => (
        <Badge key={type} tone="good">
          {type}
          {events.filter((one) => one === type).length > 1 && ` ×${events.filter((one) => one === type).length}`}
        </Badge>
      ))}
    </span>
  );
}
