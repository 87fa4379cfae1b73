import { Maximize, Minus, Plus } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import { Button } from '@/ui/button';
import { type View, wholeMap, zoomAround } from './viewport';

export interface ZoomButtonsProps {
  /** Changes what is on the screen. */
  onMove: (change: (view: View) => View) => void;
}

const step = 1.5;
const stride = 0.25;

/** What the wheel and dragging do, by buttons; with one of them focused the arrow keys move the map. */
export function ZoomButtons({ onMove }: ZoomButtonsProps) {
  const zoom = (factor: number) => onMove((view) => zoomAround(view, factor, view));
  const go = (right: number, up: number) =>
    onMove(({ zoom: now, x, y }) => ({ zoom: now, x: x + (right * stride) / now, y: y + (up * stride) / now }));
  const byKey: Record<string, () => void> = {
    ...{ '+': () => zoom(step), '=': () => zoom(step), '-': () => zoom(1 / step), '0': () => onMove(() => wholeMap) },
    ...{ ArrowLeft: () => go(-1, 0), ArrowRight: () => go(1, 0), ArrowUp: () => go(0, 1), ArrowDown: () => go(0, -1) },
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const act = byKey[event.key];
    if (act === undefined || event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    act();
  };
  return (
    <div
      role="group"
      aria-label="Zoom; arrow keys move the map"
      onKeyDown={onKeyDown}
      className="absolute right-3 bottom-3 flex flex-col overflow-hidden rounded-md border bg-raised shadow-float [&>button]:rounded-none"
    >
      <Button kind="quiet" size="icon" aria-label="Zoom in" title="Zoom in (+)" onClick={() => zoom(step)}>
        <Plus />
      </Button>
      <Button kind="quiet" size="icon" aria-label="Zoom out" title="Zoom out (−)" onClick={() => zoom(1 / step)}>
        <Minus />
      </Button>
      <Button
        kind="quiet"
        size="icon"
        aria-label="Show all"
        title="Show all (0)"
        onClick={() => onMove(() => wholeMap)}
      >
        <Maximize />
      </Button>
    </div>
  );
}
