import { expect, it } from 'vitest';
import { layOut, nodeSize } from '../src/models/lay-out';

const node = (key: string) => ({ key, kind: 'model' as const, id: key, label: key, detail: null, state: null });

it('what leads to something stands left of it, right before it where nothing leads to it, and nothing overlaps', () => {
  const nodes = ['batch', 'data', 'base', 'run', 'model', 'first', 'second'].map(node);
  const edges = [
    ...[
      ['batch', 'data'],
      ['data', 'run'],
      ['base', 'run'],
      ['run', 'model'],
      ['model', 'first'],
      ['model', 'second'],
    ],
  ].map(([from = '', to = '']) => ({ from, to }));
  const { places, width, height } = layOut({ nodes, edges });
  const at = (key: string) => places.get(key) ?? { x: -1, y: -1 };
  for (const { from, to } of edges) expect(at(from).x + nodeSize.width).toBeLessThan(at(to).x);
  expect(at('base').x).toBe(at('data').x);
  expect(new Set([...places.values()].map(({ x, y }) => `${x} ${y}`)).size).toBe(nodes.length);
  for (const { x, y } of places.values()) {
    expect(x + nodeSize.width).toBeLessThan(width);
    expect(y + nodeSize.height).toBeLessThan(height);
  }
});

it('a graph that goes round is drawn all the same', () => {
  const edges = [
    { from: 'a', to: 'b' },
    { from: 'b', to: 'a' },
  ];
  expect(layOut({ nodes: ['a', 'b'].map(node), edges }).places.size).toBe(2);
});
