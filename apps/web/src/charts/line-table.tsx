import { colorOf } from './crosshair-reading';
import { formatMetric } from './format-tick';
import type { Line } from './line';

/** What a chart draws, as numbers. */
export function LineTable({ lines }: { lines: readonly Line[] }) {
  return (
    <section className="h-[220px] overflow-auto" aria-label="Values of the chart" tabIndex={0}>
      <table className="w-full text-xs">
        <thead className="sticky top-0 bg-surface text-left text-ink-faint">
          <tr>
            <th className="py-1 pr-2 font-normal">Curve</th>
            <th className="px-2 text-right font-normal">First</th>
            <th className="px-2 text-right font-normal">Least</th>
            <th className="px-2 text-right font-normal">Most</th>
            <th className="pl-2 text-right font-normal">Last</th>
          </tr>
        </thead>
        <tbody className="nums">
          {lines.map((line) => {
            const values = Array.from(line.y).filter(Number.isFinite);
            return (
              <tr key={line.id} className="border-t">
                <td className="max-w-48 truncate py-1 pr-2">
                  <span className="mr-1.5 inline-block size-2 rounded-full" style={{ background: colorOf(line) }} />
                  {line.label}
                </td>
                <td className="px-2 text-right">{formatMetric(values[0])}</td>
                <td className="px-2 text-right">{formatMetric(values.length ? Math.min(...values) : null)}</td>
                <td className="px-2 text-right">{formatMetric(values.length ? Math.max(...values) : null)}</td>
                <td className="pl-2 text-right">{formatMetric(values.at(-1))}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
