import type { Line } from '@/charts/line';
import { type PlainColumn, PlainTable } from '@/ui/plain-table';

/** The chart as numbers, newest first. */
export function SeriesTable(props: {
  lines: readonly Line[];
  nameOf(at: number): string;
  format(value: number | null): string;
}) {
  const { lines, nameOf, format } = props;
  const count = Math.max(0, ...lines.map(({ y }) => y.length));
  const rows = Array.from({ length: count }, (_, at) => count - 1 - at);
  const columns: PlainColumn<number>[] = [
    { id: 'at', header: 'Time (UTC)', cell: nameOf },
    ...lines.map((line) => ({
      ...{ id: line.id, header: line.label, align: 'right' as const },
      cell: (at: number) => {
        const value = line.y[at];
        return format(value === undefined || Number.isNaN(value) ? null : value);
      },
    })),
  ];
  return <PlainTable caption="Values of the chart" columns={columns} rows={rows} rowKey={String} />;
}
