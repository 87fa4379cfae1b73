'use client';

import type { RunRow } from '@embedding-studio/core';
import { useTheme } from 'next-themes';
import { type PointerEvent, useEffect, useMemo, useRef } from 'react';
import { readPalette } from '@/charts/draw-lines';
import type { ParallelAxis } from './parallel-axes';

export interface ParallelLinesProps {
  runs: readonly RunRow[];
  inside: readonly RunRow[];
  axes: readonly ParallelAxis[];
  /** Gives each run its colour, from low to high. */
  tint: ParallelAxis | null;
  /** Left edge of each axis. */
  places: readonly number[];
  width: number;
  height: number;
  edge: { top: number; bottom: number };
  focus: string | null;
  onFocus: (runId: string | null) => void;
  onOpen: (runId: string) => void;
}

type Corner = readonly [number, number] | null;
interface Path {
  run: RunRow;
  corners: Corner[];
}

const reach = 6;

/** The runs' lines on a canvas; what is outside of the ranges stays as a shadow. */
export function ParallelLines(props: ParallelLinesProps) {
  const { runs, inside, axes, tint, places, width, height, edge, focus, onFocus, onOpen } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const { resolvedTheme } = useTheme();
  const paths = useMemo(
    () =>
      runs.map(
        (run): Path => ({
          run,
          corners: axes.map((axis, at) => cornerOf(run, axis, { left: places[at] ?? 0, height, edge })),
        }),
      ),
    [runs, axes, places, height, edge],
  );
  const kept = useMemo(() => new Set(inside.map(({ runId }) => runId)), [inside]);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context || !resolvedTheme) return;
    const ratio = window.devicePixelRatio || 1;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    const { grid } = readPalette();
    const isDark = resolvedTheme === 'dark';
    for (const { run, corners } of paths)
      if (!kept.has(run.runId)) trace(context, corners, { color: grid, width: 1, alpha: 0.7 });
    const alpha = kept.size > 150 ? 0.45 : 0.8;
    for (const { run, corners } of paths)
      if (kept.has(run.runId)) trace(context, corners, { color: tintOf(run, tint, isDark), width: 1.25, alpha });
    const focused = paths.find(({ run }) => run.runId === focus);
    if (focused) trace(context, focused.corners, { color: isDark ? '#fff' : '#111', width: 2.5, alpha: 1 });
  }, [paths, kept, tint, resolvedTheme, width, height, focus]);

  const nearest = (event: PointerEvent): string | null => {
    const box = event.currentTarget.getBoundingClientRect();
    const point = [event.clientX - box.left, event.clientY - box.top] as const;
    const near = paths
      .filter(({ run }) => kept.has(run.runId))
      .map(({ run, corners }) => ({ runId: run.runId, distance: distanceTo(corners, point) }))
      .sort((a, b) => a.distance - b.distance)[0];
    return near !== undefined && near.distance <= reach ? near.runId : null;
  };
  const ratio = typeof window === 'undefined' ? 1 : window.devicePixelRatio || 1;
  return (
    <canvas
      ref={canvas}
      role="img"
      aria-label={`${inside.length} of ${runs.length} runs as lines through ${axes.map(({ label }) => label).join(', ')}`}
      width={Math.round(width * ratio)}
      height={Math.round(height * ratio)}
      style={{ width, height }}
      className="absolute inset-0"
      onPointerMove={(event) => onFocus(nearest(event))}
      onPointerLeave={() => onFocus(null)}
      onClick={() => focus !== null && onOpen(focus)}
    />
  );
}

function cornerOf(
  run: RunRow,
  axis: ParallelAxis,
  { left, height, edge }: Pick<ParallelLinesProps, 'height' | 'edge'> & { left: number },
): Corner {
  const place = axis.place(run);
  return place === null ? null : [left, edge.top + (1 - place) * (height - edge.top - edge.bottom)];
}

function trace(
  context: CanvasRenderingContext2D,
  corners: readonly Corner[],
  pen: { color: string; width: number; alpha: number },
): void {
  context.beginPath();
  let before: Corner = null;
  for (const corner of corners) {
    if (corner !== null && before !== null) {
      const middle = (before[0] + corner[0]) / 2;
      context.moveTo(before[0], before[1]);
      context.bezierCurveTo(middle, before[1], middle, corner[1], corner[0], corner[1]);
    }
    before = corner;
  }
  context.globalAlpha = pen.alpha;
  context.strokeStyle = pen.color;
  context.lineWidth = pen.width;
  context.stroke();
  context.globalAlpha = 1;
}

/** From blue (low) over grey to orange (high): told apart by every kind of colour vision. */
function tintOf(run: RunRow, tint: ParallelAxis | null, isDark: boolean): string {
  const place = tint?.place(run) ?? null;
  if (place === null) return isDark ? '#6d6d78' : '#8b8b95';
  const low = isDark ? [90, 150, 255] : [37, 99, 201];
  const middle = isDark ? [150, 150, 160] : [140, 140, 150];
  const high = isDark ? [255, 170, 60] : [196, 96, 0];
  const [from, to] = place < 0.5 ? [low, middle] : [middle, high];
  const share = place < 0.5 ? place * 2 : place * 2 - 1;
  const mixed = from.map((value, at) => Math.round(value + share * ((to[at] ?? value) - value)));
  return `rgb(${mixed.join(' ')})`;
}

function distanceTo(corners: readonly Corner[], [x, y]: readonly [number, number]): number {
  for (let at = 1; at < corners.length; at++) {
    const left = corners[at - 1];
    const right = corners[at];
    if (!left || !right || x < left[0] || x > right[0]) continue;
    const share = (x - left[0]) / (right[0] - left[0] || 1);
    // The same curve as drawn: its height eases in and out.
    const eased = share * share * (3 - 2 * share);
    return Math.abs(y - (left[1] + eased * (right[1] - left[1])));
  }
  return Number.POSITIVE_INFINITY;
}
