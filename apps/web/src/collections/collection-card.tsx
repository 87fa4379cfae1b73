'use client';

import { Badge } from '@/ui/badge';
import { classNames } from '@/ui/class-names';
import { formatBytes, formatCompact, formatCount, formatDecimal, noValue } from '@/ui/format-number';
import { StatusBadge } from '@/ui/status-badge';
import { Time } from '@/ui/time';
import { type CollectionState, recallMin, standingOf } from './collection-state';
import { CoverageBar } from './coverage-bar';

/** One collection in figures; the whole card opens it. */
export function CollectionCard({
  state,
  isOpen,
  onOpen,
}: {
  state: CollectionState;
  isOpen: boolean;
  onOpen: () => void;
}) {
  const { collection, modelName, counts, storage, memory, rollout, lastCheck } = state;
  const isRetired = collection.status === 'retired';
  return (
    <article
      className={classNames(
        'relative flex flex-col gap-3 rounded-lg border bg-surface p-4 hover:border-line-strong/60',
        isOpen && 'ring-2 ring-accent',
        isRetired && 'bg-canvas',
      )}
    >
      <header className="flex items-start gap-2">
        <div className="min-w-0 flex-1">
          <h3 className="truncate font-semibold">
            <button type="button" onClick={onOpen} className="text-left after:absolute after:inset-0">
              {modelName}
            </button>
          </h3>
          <p className="truncate font-mono text-2xs text-ink-faint">{collection.id}</p>
        </div>
        <StatusBadge status={standingOf(state)} />
      </header>
      <dl className="grid grid-cols-3 gap-x-3 gap-y-2 text-xs">
        <Fact label="Items" value={isRetired ? noValue : formatCount(counts.items)} />
        <Fact label="Parts" value={isRetired ? noValue : formatCount(counts.parts)} />
        <Fact label="Vectors" value={`${collection.dims}-d cosine`} />
        <Fact label="On disk" value={formatBytes(storage?.vectorBytes)} />
        <Fact label="Index" value={storage?.indexBytes === null ? 'none' : formatBytes(storage?.indexBytes)} />
        <Fact label="In memory" value={memory ? `≈ ${formatBytes(memory.total)}` : noValue} />
      </dl>
      {!isRetired && <CoverageBar state={state} />}
      <footer className="mt-auto flex flex-wrap items-center gap-1.5 text-2xs text-ink-faint">
        <span>
          made <Time at={collection.createdAt} />
        </span>
        {rollout && <Badge>rollout {rollout.state}</Badge>}
        {lastCheck && (
          <Badge tone={lastCheck.recall10 >= recallMin ? 'good' : 'bad'}>
            recall@10 {formatDecimal(lastCheck.recall10)}
          </Badge>
        )}
        {state.improvement?.isOn && <Badge tone="accent">learning v{formatCompact(state.improvement.version)}</Badge>}
      </footer>
    </article>
  );
}

function Fact({ label, value }: { label: string; value: string }) {
  return (
    <div className="min-w-0">
      <dt className="text-ink-faint">{label}</dt>
      <dd className="nums truncate font-medium">{value}</dd>
    </div>
  );
}
