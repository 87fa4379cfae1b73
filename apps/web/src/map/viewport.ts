/** The part of the map that is on the screen: the place in its middle, and how many times it is enlarged. */
export interface View {
  zoom: number;
  x: number;
  y: number;
}

export const wholeMap: View = { zoom: 1, x: 0, y: 0 };

const zoomLeast = 0.5;
const zoomMost = 60;

type Box = Pick<DOMRect, 'left' | 'top' | 'width' | 'height'>;

/** A place on the screen in the map's own numbers, and how many of them a pixel is. */
export function placeAt(view: View, box: Box, at: { clientX: number; clientY: number }) {
  const perPixel = 2 / (Math.min(box.width, box.height) * view.zoom);
  const [px, py] = [at.clientX - box.left, at.clientY - box.top];
  return {
    ...{ px, py, perPixel },
    x: view.x + (px - box.width / 2) * perPixel,
    y: view.y - (py - box.height / 2) * perPixel,
  };
}

/** The place stays where it is on the screen. */
export function zoomAround(view: View, factor: number, place: { x: number; y: number }): View {
  const zoom = Math.min(zoomMost, Math.max(zoomLeast, view.zoom * factor));
  const share = view.zoom / zoom;
  return { zoom, x: place.x + (view.x - place.x) * share, y: place.y + (view.y - place.y) * share };
}

/** `1.5,-0.2,3` in an address; null: not a view. */
export function readView(text: string): View | null {
  const [x = Number.NaN, y = Number.NaN, zoom = Number.NaN, ...rest] = text.split(',').map(Number);
  const isView = [x, y, zoom].every(Number.isFinite) && zoom >= zoomLeast && zoom <= zoomMost && rest.length === 0;
  return isView ? { x, y, zoom } : null;
}

export function writeView({ x, y, zoom }: View): string {
  return [x, y, zoom].map((value) => Number(value.toPrecision(4))).join(',');
}
