'use client';

import { useTheme } from 'next-themes';
import {
  type KeyboardEvent,
  type PointerEvent,
  type RefObject,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useCrosshair } from './crosshair';
import { CrosshairReading } from './crosshair-reading';
import { type Drawing, drawChart, readPalette } from './draw-lines';
import { formatMetric, formatTick } from './format-tick';
import type { Line } from './line';
import { createScale, rangeOf } from './scale';
import { useWidth } from './use-width';

export interface LineChartProps {
  /** What is drawn, for those who do not see it. */
  label: string;
  lines: readonly Line[];
  height?: number;
  /** x are whole numbers, such as days: the crosshair rests on them only. */
  isWholeX?: boolean;
  isLogX?: boolean;
  isLogY?: boolean;
  /** Instead of all that the lines reach. */
  xRange?: [number, number] | null;
  yRange?: [number, number] | null;
  formatX?: (value: number) => string;
  formatY?: (value: number) => string;
  /** A stretch of x was dragged over; null: double click, back to all. */
  onZoom?: (range: [number, number] | null) => void;
}

const margins = { left: 52, right: 10, top: 8, bottom: 24 };

/** Lines on a canvas: hundreds of runs stay smooth. Arrow keys move the crosshair. */
export function LineChart(props: LineChartProps) {
  const { label, lines, height = 220, formatX = formatTick, formatY = formatMetric, isWholeX = false, onZoom } = props;
  const [frame, width] = useWidth();
  const canvas = useRef<HTMLCanvasElement>(null);
  const crosshair = useCrosshair();
  const hintId = useId();
  const [dragFrom, setDragFrom] = useState<number | null>(null);
  const drawing = useDrawing({ ...props, height, width });

  useDrawn(canvas, lines, drawing);
  const placeOf = (event: PointerEvent): number | null => {
    const left = event.clientX - (frame.current?.getBoundingClientRect().left ?? 0);
    if (!drawing || left < margins.left || left > width - margins.right) return null;
    const value = drawing.x.toValue(left);
    return isWholeX ? Math.round(value) : value;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') crosshair.set(null);
    const next = drawing && stepOf(event.key, { drawing, isWholeX, now: crosshair.get() });
    if (next === null) return;
    event.preventDefault();
    crosshair.set(next);
  };
  const leave = () => {
    crosshair.set(null);
    setDragFrom(null);
  };
  const endDrag = (event: PointerEvent) => {
    const to = placeOf(event);
    setDragFrom(null);
    if (dragFrom === null || to === null || !drawing || !onZoom) return;
    if (Math.abs(drawing.x.toPixel(to) - drawing.x.toPixel(dragFrom)) < 8) return;
    onZoom([Math.min(dragFrom, to), Math.max(dragFrom, to)]);
  };

  return (
    <div
      ref={frame}
      className="relative touch-pan-y select-none"
      style={{ height }}
      role="group"
      aria-label={label}
      aria-describedby={hintId}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onPointerMove={(event) => crosshair.set(placeOf(event))}
      onPointerLeave={leave}
      onPointerDown={(event) => onZoom && event.pointerType === 'mouse' && setDragFrom(placeOf(event))}
      onPointerUp={endDrag}
      onDoubleClick={() => onZoom?.(null)}
    >
      <span id={hintId} className="sr-only">
        Arrow keys move the crosshair and read its values.
      </span>
      <canvas
        ref={canvas}
        aria-hidden
        width={Math.round(width * ratioOf())}
        height={Math.round(height * ratioOf())}
        style={{ width, height }}
        className="absolute inset-0"
      />
      {drawing && <CrosshairReading {...{ lines, drawing, dragFrom, formatX, formatY }} />}
    </div>
  );
}

function useDrawn(
  canvas: RefObject<HTMLCanvasElement | null>,
  lines: readonly Line[],
  drawing: Omit<Drawing, 'palette'> | null,
): void {
  const { resolvedTheme } = useTheme();
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context || !drawing || !resolvedTheme) return;
    const ratio = window.devicePixelRatio || 1;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    drawChart(context, lines, { ...drawing, palette: readPalette() });
  }, [canvas, lines, drawing, resolvedTheme]);
}

/** Where an arrow key takes the crosshair; null for other keys. */
function stepOf(
  key: string,
  { drawing, isWholeX, now }: { drawing: Omit<Drawing, 'palette'>; isWholeX: boolean; now: number | null },
): number | null {
  const { plot, x } = drawing;
  const step = { ArrowLeft: -1, ArrowRight: 1 }[key];
  if (step === undefined) return null;
  const from = now === null ? plot.left : x.toPixel(now);
  const to = from + (step * (plot.right - plot.left)) / 60;
  if (isWholeX) {
    const next = now === null ? x.toValue(plot.left) : now + step;
    return Math.round(Math.min(x.toValue(plot.right), Math.max(x.toValue(plot.left), next)));
  }
  return x.toValue(Math.min(plot.right, Math.max(plot.left, to)));
}

const ratioOf = (): number => (typeof window === 'undefined' ? 1 : window.devicePixelRatio || 1);

function useDrawing(props: LineChartProps & { width: number; height: number }): Omit<Drawing, 'palette'> | null {
  const { lines, width, height, isWholeX = false, isLogX = false, isLogY = false, xRange, yRange } = props;
  const { formatX = formatTick, formatY = formatMetric } = props;
  return useMemo(() => {
    const plot = {
      left: margins.left,
      right: width - margins.right,
      top: margins.top,
      bottom: height - margins.bottom,
    };
    if (plot.right - plot.left < 20) return null;
    const [fromX, toX] = xRange ??
      rangeOf(
        eachOf(lines, ({ x }) => x),
        { isLog: isLogX },
      ) ?? [0, 1];
    const [fromY, toY] = yRange ??
      rangeOf(
        eachOf(lines, ({ y }) => y),
        { isLog: isLogY, margin: 0.05 },
      ) ?? [0, 1];
    const ticksWanted = Math.max(2, Math.floor((plot.right - plot.left) / 90));
    const xScale = createScale({ from: fromX, to: toX, start: plot.left, end: plot.right, isLog: isLogX, ticksWanted });
    const x = isWholeX ? { ...xScale, ticks: xScale.ticks.filter(Number.isInteger) } : xScale;
    const y = createScale({ from: fromY, to: toY, start: plot.bottom, end: plot.top, isLog: isLogY, ticksWanted: 4 });
    return { width, height, plot, x, y, formatX, formatY };
  }, [lines, width, height, isWholeX, isLogX, isLogY, xRange, yRange, formatX, formatY]);
}

function* eachOf(lines: readonly Line[], pick: (line: Line) => ArrayLike<number>): Generator<number> {
  for (const line of lines) {
    const values = pick(line);
    for (let at = 0; at < values.length; at++) yield values[at] ?? Number.NaN;
  }
}
