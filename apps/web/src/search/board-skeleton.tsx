import { Skeleton } from '@/ui/skeleton';
import { gridColumn, rowHeight } from './board-grid';

/** Where the lists will stand. */
export function BoardSkeleton({ columns, rows }: { columns: number; rows: number }) {
  return Array.from({ length: columns }, (_, column) => (
    <div
      // biome-ignore lint/suspicious/noArrayIndexKey: columns are their places.
      key={column}
      style={{ gridColumn: gridColumn(column), gridRow: 2 }}
      className="rounded-b-lg border border-t-0 bg-surface"
    >
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows are their places.
        <div key={row} style={{ height: rowHeight }} className="space-y-2 border-b px-3 py-3 last:border-b-0">
          <Skeleton className="h-3.5 w-3/5" />
          <Skeleton className="h-3 w-4/5" />
        </div>
      ))}
    </div>
  ));
}
