import { formatBytes } from '@/ui/format-number';
import type { CollectionState } from './collection-state';

/** Where the bytes are: what must stay in memory, and what may stay on disk. */
export function MemoryTree({ state: { memory, storage } }: { state: CollectionState }) {
  if (memory === null) return null;
  const whole = memory.total + memory.table;
  const rows = [
    { label: 'Index, kept in memory', bytes: memory.total, depth: 0, tone: 'bg-series-1' },
    { label: 'half-precision vectors', bytes: memory.vectors, depth: 1, tone: 'bg-series-1' },
    { label: 'links between neighbours', bytes: memory.links, depth: 1, tone: 'bg-series-1' },
    { label: 'Table of full vectors, read from disk', bytes: memory.table, depth: 0, tone: 'bg-series-2' },
  ];
  return (
    <section>
      <h3 className="mb-2 font-semibold">
        Memory and disk
        {memory.basis === 'expected' && <span className="font-normal text-ink-faint"> · expected, no index yet</span>}
      </h3>
      <ul className="space-y-1.5 text-xs">
        {rows.map(({ label, bytes, depth, tone }) => (
          <li key={label} className="grid grid-cols-[1fr_6rem_5rem] items-center gap-3">
            <span className={depth === 1 ? 'pl-4 text-ink-faint' : ''}>{label}</span>
            <span className="h-1.5 overflow-hidden rounded-full bg-sunken">
              <span className={`block h-full ${tone}`} style={{ width: `${(bytes / (whole || 1)) * 100}%` }} />
            </span>
            <span className="nums text-right">{formatBytes(bytes)}</span>
          </li>
        ))}
      </ul>
      {storage?.deadShare !== null && storage?.deadShare !== undefined && (
        <p className="mt-2 text-ink-faint text-xs">{Math.round(storage.deadShare * 100)} % of the rows are dead.</p>
      )}
    </section>
  );
}
