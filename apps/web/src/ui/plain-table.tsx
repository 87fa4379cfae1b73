import type { ReactNode } from 'react';
import { classNames } from './class-names';

export interface PlainColumn<Row> {
  id: string;
  header: ReactNode;
  align?: 'left' | 'right';
  cell: (row: Row) => ReactNode;
}

/** A short table, whole in the document: for what stands behind charts, and for a few dozen rows. */
export function PlainTable<Row>({
  caption,
  columns,
  rows,
  rowKey,
}: {
  caption: string;
  columns: PlainColumn<Row>[];
  rows: Row[];
  rowKey: (row: Row, index: number) => string;
}) {
  return (
    <div className="overflow-x-auto" tabIndex={0} role="group" aria-label={caption}>
      <table className="w-full border-collapse text-left">
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr className="border-b">
            {columns.map(({ id, header, align }) => (
              <th
                key={id}
                scope="col"
                className={classNames(
                  'px-3 py-2 font-medium text-2xs text-ink-faint first:pl-4 last:pr-4',
                  align === 'right' && 'text-right',
                )}
              >
                {header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={rowKey(row, index)} className="border-b last:border-0">
              {columns.map(({ id, align, cell }) => (
                <td
                  key={id}
                  className={classNames('px-3 py-2 first:pl-4 last:pr-4', align === 'right' && 'nums text-right')}
                >
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
