import type { Line } from './line';
import type { Scale } from './scale';

export interface Palette {
  ink: string;
  grid: string;
  neutral: string;
  series: string[];
}

export interface Drawing {
  width: number;
  height: number;
  plot: { left: number; right: number; top: number; bottom: number };
  x: Scale;
  y: Scale;
  formatX: (value: number) => string;
  formatY: (value: number) => string;
  palette: Palette;
}

export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string) => style.getPropertyValue(name).trim();
  return {
    ink: read('--ink-faint'),
    grid: read('--line'),
    neutral: read('--line-strong'),
    series: [1, 2, 3, 4, 5, 6].map((number) => read(`--series-${number}`)),
  };
}

const fontSize = 11;

export function drawChart(context: CanvasRenderingContext2D, lines: readonly Line[], drawing: Drawing): void {
  const { width, height, plot } = drawing;
  context.clearRect(0, 0, width, height);
  drawAxes(context, drawing);
  context.save();
  context.beginPath();
  context.rect(plot.left, plot.top - 2, plot.right - plot.left, plot.bottom - plot.top + 4);
  context.clip();
  const order = ['faint', 'normal', 'strong'];
  const sorted = [...lines].sort(
    (a, b) => order.indexOf(a.emphasis ?? 'normal') - order.indexOf(b.emphasis ?? 'normal'),
  );
  for (const line of sorted) drawLine(context, line, drawing);
  context.restore();
}

function drawAxes(context: CanvasRenderingContext2D, { plot, x, y, formatX, formatY, palette }: Drawing): void {
  context.font = `${fontSize}px ${getComputedStyle(document.body).fontFamily}`;
  context.fillStyle = palette.ink;
  context.strokeStyle = palette.grid;
  context.lineWidth = 1;
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  for (const tick of y.ticks) {
    const at = Math.round(y.toPixel(tick)) + 0.5;
    context.beginPath();
    context.moveTo(plot.left, at);
    context.lineTo(plot.right, at);
    context.stroke();
    context.fillText(formatY(tick), plot.left - 6, at);
  }
  context.textAlign = 'center';
  context.textBaseline = 'top';
  for (const tick of x.ticks) {
    const at = x.toPixel(tick);
    if (at > plot.right - 8 || at < plot.left) continue;
    context.fillText(formatX(tick), at, plot.bottom + 6);
  }
}

function drawLine(context: CanvasRenderingContext2D, line: Line, drawing: Drawing): void {
  const { palette } = drawing;
  const color = line.color === 0 ? palette.neutral : (palette.series[line.color - 1] ?? palette.neutral);
  if (line.band) fillBand(context, { ...line, band: line.band }, { drawing, color });
  if (line.raw) trace(context, { x: line.x, y: line.raw }, { drawing, color, alpha: 0.22, width: 1 });
  context.setLineDash(line.isDashed ? [5, 3] : []);
  const alpha = line.emphasis === 'faint' ? 0.25 : 1;
  trace(context, line, { drawing, color, alpha, width: line.emphasis === 'strong' ? 2.25 : 1.5 });
  context.setLineDash([]);
}

interface Pen {
  drawing: Drawing;
  color: string;
  alpha: number;
  width: number;
}

/** Without neighbours no line would be seen. */
function isAlone(values: ArrayLike<number>, at: number): boolean {
  return !Number.isFinite(values[at - 1]) && !Number.isFinite(values[at + 1]);
}

function trace(context: CanvasRenderingContext2D, curve: Pick<Line, 'x' | 'y'>, pen: Pen): void {
  const { x, y } = pen.drawing;
  context.beginPath();
  let isDown = false;
  let points = 0;
  for (let at = 0; at < curve.x.length; at++) {
    const left = x.toPixel(curve.x[at] ?? Number.NaN);
    const top = y.toPixel(curve.y[at] ?? Number.NaN);
    if (!Number.isFinite(left) || !Number.isFinite(top)) {
      isDown = false;
      continue;
    }
    if (isDown) context.lineTo(left, top);
    else context.moveTo(left, top);
    isDown = true;
    points += 1;
    if (isAlone(curve.y, at)) context.arc(left, top, 2.5, 0, 2 * Math.PI);
  }
  if (points === 0) return;
  context.globalAlpha = pen.alpha;
  context.strokeStyle = pen.color;
  context.lineWidth = pen.width;
  context.lineJoin = 'round';
  context.stroke();
  context.globalAlpha = 1;
}

function fillBand(
  context: CanvasRenderingContext2D,
  { x: places, band }: Line & { band: NonNullable<Line['band']> },
  { drawing, color }: Pick<Pen, 'drawing' | 'color'>,
): void {
  const { x, y } = drawing;
  const at = (index: number, side: ArrayLike<number>) =>
    [x.toPixel(places[index] ?? Number.NaN), y.toPixel(side[index] ?? Number.NaN)] as const;
  context.beginPath();
  for (let index = 0; index < places.length; index++) context.lineTo(...at(index, band.high));
  for (let index = places.length - 1; index >= 0; index--) context.lineTo(...at(index, band.low));
  context.closePath();
  context.globalAlpha = 0.16;
  context.fillStyle = color;
  context.fill();
  context.globalAlpha = 1;
}
