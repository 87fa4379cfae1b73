import { colorOf } from './crosshair-reading';
import type { Line } from './line';

/** Which line is what, for charts whose lines are few and fixed. */
export function LineLegend({ lines }: { lines: readonly Line[] }) {
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 px-1 pt-1 text-ink-soft text-xs">
      {lines.map((line) => (
        <li key={line.id} className="inline-flex items-center gap-1.5">
          <span
            aria-hidden
            className="w-4 border-t-2"
            style={{ borderColor: colorOf(line), borderTopStyle: line.isDashed === true ? 'dashed' : 'solid' }}
          />
          {line.label}
        </li>
      ))}
    </ul>
  );
}
