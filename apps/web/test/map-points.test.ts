import { describe, expect, it } from 'vitest';
import { fitPoints, isInside, joinChunks, placesOn, topMovers } from '../src/map/map-points.ts';
import { chooseTouching } from '../src/map/touching-items.ts';

const encode = (values: number[]) => Buffer.from(Float32Array.from(values).buffer).toString('base64');
const chunk = (ids: string[], xy: number[]) => ({
  ...{ ids, titles: ids.map((id) => `title ${id}`), xy: encode(xy) },
  ...{ category: ids.map(() => 0), shown: ids.map(() => 2), clicks: ids.map(() => 1) },
});

describe('points of a map', () => {
  const base = joinChunks([chunk(['a', 'b'], [0, 0, 4, 0]), chunk(['c'], [4, 2]), chunk(['q'], [1, 1])]);

  it('are joined in order, queries last', () => {
    expect(base.ids).toEqual(['a', 'b', 'c', 'q']);
    expect(base.items).toBe(3);
    expect([...base.xy]).toEqual([0, 0, 4, 0, 4, 2, 1, 1]);
  });

  it('are found on another map by their ids; what it lacks stays', () => {
    const other = joinChunks([chunk(['c', 'a'], [9, 9, 8, 8]), chunk(['q'], [7, 7])]);
    expect([...placesOn(base, other)]).toEqual([8, 8, 4, 0, 9, 9, 7, 7]);
    const [first] = topMovers(base.xy, placesOn(base, other), { items: 3, count: 1 });
    expect(first?.index).toBe(0);
  });

  it('fit the view together, whatever their size', () => {
    const [one, two] = fitPoints([base.xy, Float32Array.of(0, 100)]);
    const all = [...(one ?? []), ...(two ?? [])];
    expect(Math.max(...all.map(Math.abs))).toBeCloseTo(0.95, 5);
  });

  it('are inside of a line or not', () => {
    const square = [
      [0, 0],
      [2, 0],
      [2, 2],
      [0, 2],
    ] as const;
    expect(isInside(1, 1, square)).toBe(true);
    expect(isInside(3, 1, square)).toBe(false);
  });

  it('lead to sessions by the most clicked of the selected items, as many as an address holds', () => {
    const ids = Array.from({ length: 700 }, (_, at) => `item-${at}`);
    const many = joinChunks([{ ...chunk(ids, []), clicks: ids.map((_, at) => at) }, chunk(['q'], [])]);
    const all = ids.map((_, at) => at);
    expect(chooseTouching(many, [3, 700, 5])).toEqual({ ids: ['item-5', 'item-3'], isAll: true });
    const chosen = chooseTouching(many, all);
    expect(chosen).toMatchObject({ isAll: false, ids: { length: 500 } });
    expect(chosen.ids[0]).toBe('item-699');
    const long = { ...many, ids: ids.map((id) => id.padEnd(100, 'x')) };
    expect(chooseTouching(long, all).ids.length).toBe(58);
  });
});
