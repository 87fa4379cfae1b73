import type { ReactNode } from 'react';
import { classNames } from './class-names';

export interface WideTableProps {
  /** What the rows are, in the plural. */
  label: string;
  columns: readonly { title: string; align?: 'right'; hint?: string }[];
  /** Below it the table scrolls sideways, a CSS length. */
  leastWidth: string;
  /** Its rows, as `<tr>`. */
  children: ReactNode;
}

/** Head and frame of a table whose rows have two lines and controls of their own. */
export function WideTable({ label, columns, leastWidth, children }: WideTableProps) {
  return (
    <section className="overflow-x-auto" aria-label={label} tabIndex={0}>
      <table className="w-full" style={{ minWidth: leastWidth }}>
        <thead className="border-b">
          <tr>
            {columns.map(({ title, align, hint }) => (
              <th
                key={title}
                title={hint}
                className={classNames(
                  'whitespace-nowrap px-3 py-2 text-left font-medium text-ink-faint text-xs first:pl-4 last:pr-4',
                  align === 'right' && 'text-right',
                )}
              >
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y [&_td:first-child]:pl-4 [&_td:last-child]:pr-4">{children}</tbody>
      </table>
    </section>
  );
}
