import { expect, test } from 'vitest';
import { placeAt, readView, type View, wholeMap, writeView, zoomAround } from '../src/map/viewport';

const box = { left: 10, top: 20, width: 400, height: 200 };
const pointer = { clientX: 110, clientY: 70 };

test('what lies under the pointer stays there while it zooms', () => {
  const view: View = { zoom: 2, x: 0.3, y: -0.1 };
  const before = placeAt(view, box, pointer);
  const after = placeAt(zoomAround(view, 3, before), box, pointer);
  expect(after.x).toBeCloseTo(before.x);
  expect(after.y).toBeCloseTo(before.y);
  expect(after.perPixel).toBeCloseTo(before.perPixel / 3);
});

test('zooming ends where nothing more could be told apart', () => {
  expect(zoomAround(wholeMap, 1e6, wholeMap).zoom).toBe(60);
  expect(zoomAround(wholeMap, 1e-6, wholeMap).zoom).toBe(0.5);
});

test('a view comes back from the address, and anything else is none', () => {
  const view = { zoom: 2.5, x: -0.1234, y: 1 };
  expect(readView(writeView(view))).toEqual(view);
  for (const text of ['', '1,2', '1,2,x', '1,2,0', '1,2,3,4', '1,2,Infinity']) expect(readView(text)).toBeNull();
});
