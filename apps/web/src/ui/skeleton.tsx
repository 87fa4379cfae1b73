import { classNames } from './class-names';

/** Stands where content will be, in its size; hidden from screen readers, which hear `aria-busy` of the region. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={classNames('animate-pulse rounded-md bg-sunken', className)} />;
}

export function SkeletonRows({ rows = 8 }: { rows?: number }) {
  return (
    <div aria-hidden className="space-y-2 p-4">
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows of a skeleton have no identity.
        <Skeleton key={row} className="h-6 w-full" />
      ))}
    </div>
  );
}
