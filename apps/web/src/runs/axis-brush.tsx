'use client';

import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react';
import type { ParallelAxis } from './parallel-axes';

export interface AxisBrushProps {
  axis: ParallelAxis;
  left: number;
  height: number;
  edge: { top: number; bottom: number };
  range: readonly [number, number] | null;
  onChange: (range: readonly [number, number] | null) => void;
}

const halfWidth = 12;
const keyStep = 0.05;

/** An axis with its ticks. Dragging over it, or arrow keys, choose a range; a click or Delete takes it away. */
export function AxisBrush({ axis, left, height, edge, range, onChange }: AxisBrushProps) {
  const element = useRef<HTMLDivElement>(null);
  const [drag, setDrag] = useState<readonly [number, number] | null>(null);
  const length = height - edge.top - edge.bottom;
  const toTop = (place: number) => edge.top + (1 - place) * length;
  const placeOf = (event: PointerEvent): number => {
    const top = event.clientY - (element.current?.getBoundingClientRect().top ?? 0);
    return Math.min(1, Math.max(0, 1 - (top - edge.top) / length));
  };
  const end = () => {
    if (drag === null) return;
    const [low, high] = [Math.min(...drag), Math.max(...drag)];
    setDrag(null);
    onChange(high - low < 0.015 ? null : [low, high]);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const next = moved(event, range ?? [0, 1]);
    if (next === undefined) return;
    event.preventDefault();
    onChange(next);
  };
  const shown = drag === null ? range : ([Math.min(...drag), Math.max(...drag)] as const);
  return (
    <div className="absolute inset-y-0" style={{ left: left - halfWidth, width: 2 * halfWidth }}>
      <div
        className="pointer-events-none absolute w-px bg-line-strong"
        style={{ left: halfWidth, top: edge.top, height: length }}
      />
      {axis.ticks.map((tick) => (
        <span
          key={tick.label}
          className="nums pointer-events-none absolute max-w-24 -translate-y-1/2 truncate rounded bg-surface/80 px-0.5 text-2xs text-ink-soft"
          style={{ left: halfWidth + 4, top: toTop(tick.at) }}
        >
          {tick.label}
        </span>
      ))}
      <div
        ref={element}
        role="slider"
        tabIndex={0}
        aria-label={`Range of ${axis.label}`}
        aria-orientation="vertical"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(100 * (shown?.[0] ?? 0))}
        aria-valuetext={
          shown === null ? 'all' : `${Math.round(shown[0] * 100)} to ${Math.round(shown[1] * 100)} % of the axis`
        }
        className="absolute inset-0 cursor-crosshair touch-none"
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          setDrag([placeOf(event), placeOf(event)]);
        }}
        onPointerMove={(event) => drag && setDrag([drag[0], placeOf(event)])}
        onPointerUp={end}
        onKeyDown={onKeyDown}
      />
      {shown !== null && (
        <div
          className="pointer-events-none absolute rounded-sm border border-accent bg-accent/20"
          style={{ left: halfWidth - 6, width: 12, top: toTop(shown[1]), height: (shown[1] - shown[0]) * length }}
        />
      )}
    </div>
  );
}

/** Arrows move the lower end, with Shift the upper one. */
function moved(event: KeyboardEvent, [low, high]: readonly [number, number]) {
  if (event.key === 'Delete' || event.key === 'Backspace') return null;
  const step = { ArrowUp: keyStep, ArrowDown: -keyStep }[event.key];
  if (step === undefined) return undefined;
  if (event.shiftKey) return [low, Math.min(1, Math.max(low + keyStep, high + step))] as const;
  return [Math.max(0, Math.min(high - keyStep, low + step)), high] as const;
}
