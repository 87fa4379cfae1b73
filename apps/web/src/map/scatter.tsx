'use client';

import { type PointerEvent, useCallback, useEffect, useRef, useState } from 'react';
import { isInside, type MapPoints } from './map-points';
import { createPointRenderer, type PointRenderer } from './point-renderer';
import { placeAt, type View, zoomAround } from './viewport';
import { ZoomButtons } from './zoom-buttons';

export interface ScatterProps {
  points: MapPoints;
  from: Float32Array;
  to: Float32Array;
  colours: Uint8Array;
  hasQueries: boolean;
  /** Drag draws a lasso instead of moving the map; so does drag with Shift. */
  isLasso: boolean;
  /** What is on the screen at first. */
  startView: View;
  onView: (view: View) => void;
  onPick: (index: number) => void;
  onLasso: (indices: number[]) => void;
  onUnsupported: () => void;
}

const moveMs = 900;
const reachPixels = 10;

/** Points that can be moved, zoomed, pointed at, clicked and circled. */
export function Scatter(props: ScatterProps) {
  const { points, from, to, colours, hasQueries, isLasso, startView, onView } = props;
  const { onPick, onLasso, onUnsupported } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const renderer = useRef<PointRenderer | null>(null);
  const view = useRef<View>(startView);
  const way = useRef(1);
  const drag = useRef<{ x: number; y: number; hasMoved: boolean } | null>(null);
  const [line, setLine] = useState<[number, number][] | null>(null);
  const [hover, setHover] = useState<{ index: number; x: number; y: number } | null>(null);

  const draw = useCallback(() => {
    const size = (points.ids.length > 20_000 ? 3 : 5) * Math.sqrt(view.current.zoom) * (window.devicePixelRatio || 1);
    renderer.current?.draw({ ...view.current, way: way.current, size: Math.min(size, 18) });
  }, [points.ids.length]);

  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    renderer.current = createPointRenderer(element);
    if (renderer.current === null) return onUnsupported();
    const fit = new ResizeObserver(() => {
      const ratio = window.devicePixelRatio || 1;
      element.width = element.clientWidth * ratio;
      element.height = element.clientHeight * ratio;
      draw();
    });
    fit.observe(element);
    return () => {
      fit.disconnect();
      renderer.current?.end();
    };
  }, [draw, onUnsupported]);

  useEffect(() => {
    renderer.current?.load({ from, to, colours });
    draw();
  }, [from, to, colours, draw]);

  useEffect(() => {
    const isStill = from === to || window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    way.current = isStill ? 1 : 0;
    const start = performance.now();
    let frame = requestAnimationFrame(function step(now) {
      const share = isStill ? 1 : Math.min(1, (now - start) / moveMs);
      way.current = share * share * (3 - 2 * share);
      draw();
      if (share < 1) frame = requestAnimationFrame(step);
    });
    return () => cancelAnimationFrame(frame);
  }, [from, to, draw]);

  const move = useCallback(
    (change: (view: View) => View) => {
      view.current = change(view.current);
      draw();
      onView(view.current);
    },
    [draw, onView],
  );
  const toMap = useCallback((at: { clientX: number; clientY: number }) => {
    const box = canvas.current?.getBoundingClientRect() ?? new DOMRect(0, 0, 1, 1);
    return placeAt(view.current, box, at);
  }, []);

  useEffect(() => {
    const element = canvas.current;
    // React listens passively, and the page would scroll along.
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      move((before) => zoomAround(before, Math.exp(-event.deltaY / 500), toMap(event)));
    };
    element?.addEventListener('wheel', onWheel, { passive: false });
    return () => element?.removeEventListener('wheel', onWheel);
  }, [move, toMap]);

  const count = hasQueries ? points.ids.length : points.items;
  const nearest = (event: { clientX: number; clientY: number }) => {
    const at = toMap(event);
    let best = { index: -1, away: reachPixels * at.perPixel };
    for (let index = 0; index < count; index++) {
      const away = Math.hypot((to[index * 2] ?? 0) - at.x, (to[index * 2 + 1] ?? 0) - at.y);
      if (away < best.away) best = { index, away };
    }
    return { ...at, index: best.index };
  };
  const onDown = (event: PointerEvent) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { x: event.clientX, y: event.clientY, hasMoved: false };
    if (isLasso || event.shiftKey) setLine([[toMap(event).px, toMap(event).py]]);
  };
  const onMove = (event: PointerEvent) => {
    const held = drag.current;
    if (held === null) {
      const { index, px, py } = nearest(event);
      setHover(index === -1 ? null : { index, x: px, y: py });
      return;
    }
    const { px, py, perPixel } = toMap(event);
    const [dx, dy] = [event.clientX - held.x, event.clientY - held.y];
    if (Math.hypot(dx, dy) < 3 && !held.hasMoved) return;
    drag.current = { x: event.clientX, y: event.clientY, hasMoved: true };
    setHover(null);
    if (line !== null) return setLine([...line, [px, py]]);
    move(({ zoom, x, y }) => ({ zoom, x: x - dx * perPixel, y: y + dy * perPixel }));
  };
  const onUp = (event: PointerEvent) => {
    const held = drag.current;
    drag.current = null;
    setLine(null);
    if (line !== null && line.length > 2) return onLasso(circled(line, event));
    if (held?.hasMoved === false) {
      const { index } = nearest(event);
      if (index !== -1) onPick(index);
    }
  };
  const circled = (drawn: readonly [number, number][], event: PointerEvent): number[] => {
    const { perPixel, x, y, px, py } = toMap(event);
    const [left, top] = [x - px * perPixel, y + py * perPixel];
    const onMap = drawn.map(([dx, dy]) => [left + dx * perPixel, top - dy * perPixel] as const);
    const all = Array.from({ length: count }, (_, index) => index);
    return all.filter((index) => isInside(to[index * 2] ?? 0, to[index * 2 + 1] ?? 0, onMap));
  };
  return (
    <div className="relative h-full w-full overflow-hidden">
      <canvas
        ref={canvas}
        role="img"
        aria-label={`Map of ${points.items} items. The table shows the same.`}
        className={`h-full w-full touch-none ${isLasso ? 'cursor-crosshair' : 'cursor-grab'}`}
        onPointerDown={onDown}
        onPointerMove={onMove}
        onPointerUp={onUp}
        onPointerLeave={() => setHover(null)}
      />
      <ZoomButtons onMove={move} />
      {line !== null && (
        <svg aria-hidden className="pointer-events-none absolute inset-0 h-full w-full">
          <polygon
            points={line.map((place) => place.join(',')).join(' ')}
            className="fill-accent/10 stroke-accent"
            strokeDasharray="4 3"
          />
        </svg>
      )}
      {hover !== null && (
        <div
          className="pointer-events-none absolute z-10 max-w-64 truncate rounded-md border bg-raised px-2 py-1 text-xs shadow-float"
          style={{ left: hover.x + 12, top: hover.y + 12 }}
        >
          {hover.index >= points.items && <span className="text-bad">query </span>}
          {points.titles[hover.index]}
        </div>
      )}
    </div>
  );
}
