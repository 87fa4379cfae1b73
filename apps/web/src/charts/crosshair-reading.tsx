'use client';

import { readCurve } from '@embedding-studio/stats/series';
import { useCrosshairPlace } from './crosshair';
import type { Drawing } from './draw-lines';
import type { Line } from './line';

export interface CrosshairReadingProps {
  lines: readonly Line[];
  drawing: Omit<Drawing, 'palette'>;
  /** Where a drag began; the stretch up to the crosshair is marked. */
  dragFrom: number | null;
  formatX: (value: number) => string;
  formatY: (value: number) => string;
}

const shownMax = 8;

/** The crosshair's line and what the curves say there, nearest to the top first. */
export function CrosshairReading({ lines, drawing, dragFrom, formatX, formatY }: CrosshairReadingProps) {
  const place = useCrosshairPlace();
  if (place === null) return null;
  const { plot } = drawing;
  const left = drawing.x.toPixel(place);
  if (!(left >= plot.left - 1 && left <= plot.right + 1)) return null;
  const read = lines
    .filter(({ emphasis }) => emphasis !== 'faint')
    .map((line) => ({ line, value: readCurve(line, place) }))
    .filter(({ value }) => Number.isFinite(value))
    .sort((a, b) => rank(b.line) - rank(a.line) || b.value - a.value);
  const isRight = left > (plot.left + plot.right) / 2;
  return (
    <>
      {dragFrom !== null && <DraggedStretch from={drawing.x.toPixel(dragFrom)} to={left} plot={plot} />}
      <div
        className="pointer-events-none absolute w-px bg-line-strong"
        style={{ left, top: plot.top, height: plot.bottom - plot.top }}
      />
      <div
        aria-live="polite"
        className="pointer-events-none absolute z-10 max-w-60 rounded-md border bg-raised px-2 py-1.5 text-2xs shadow-float"
        style={isRight ? { right: drawing.width - left + 8, top: plot.top } : { left: left + 8, top: plot.top }}
      >
        <div className="nums mb-0.5 text-ink-faint">{formatX(place)}</div>
        {read.slice(0, shownMax).map(({ line, value }) => (
          <div key={line.id} className="flex items-center gap-1.5">
            <span className="size-2 shrink-0 rounded-full" style={{ background: colorOf(line) }} />
            <span className="min-w-0 flex-1 truncate">{line.label}</span>
            <span className="nums font-medium">{formatY(value)}</span>
          </div>
        ))}
        {read.length > shownMax && <div className="text-ink-faint">and {read.length - shownMax} more</div>}
      </div>
    </>
  );
}

const rank = ({ emphasis }: Line): number => (emphasis === 'strong' ? 1 : 0);

export function colorOf({ color }: Pick<Line, 'color'>): string {
  return color === 0 ? 'var(--line-strong)' : `var(--series-${color})`;
}

function DraggedStretch({ from, to, plot }: { from: number; to: number; plot: Drawing['plot'] }) {
  return (
    <div
      className="pointer-events-none absolute bg-accent/15"
      style={{ left: Math.min(from, to), width: Math.abs(to - from), top: plot.top, height: plot.bottom - plot.top }}
    />
  );
}
