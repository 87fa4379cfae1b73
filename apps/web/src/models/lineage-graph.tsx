'use client';

import type { LineageGraph as Graph, LineageNode } from '@embedding-studio/core';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useMemo } from 'react';
import { useTRPC } from '@/trpc/client';
import { classNames } from '@/ui/class-names';
import { PlainTable } from '@/ui/plain-table';
import { QueryView } from '@/ui/query-view';
import { layOut, nodeSize } from './lay-out';

/** Sessions → training set → run → model → rollout → collection, with ancestors and descendants. */
export function LineageGraph({ modelId }: { modelId: string }) {
  const trpc = useTRPC();
  const query = useQuery(trpc.model.getLineage.queryOptions({ modelId }));
  return <QueryView query={query}>{(graph) => <Drawn graph={graph} />}</QueryView>;
}

function Drawn({ graph }: { graph: Graph }) {
  const { places, width, height } = useMemo(() => layOut(graph), [graph]);
  return (
    <>
      <div
        className="overflow-x-auto rounded-md border bg-sunken"
        tabIndex={0}
        role="group"
        aria-label="Lineage: what led to what, from left to right"
      >
        <div className="relative" style={{ width, height }}>
          <svg aria-hidden width={width} height={height} className="absolute inset-0">
            {graph.edges.map(({ from, to }) => {
              const start = places.get(from);
              const end = places.get(to);
              if (!start || !end) return null;
              const [x1, y1] = [start.x + nodeSize.width, start.y + nodeSize.height / 2];
              const [x2, y2] = [end.x, end.y + nodeSize.height / 2];
              const bend = Math.max(16, (x2 - x1) / 2);
              return (
                <path
                  key={`${from} ${to}`}
                  d={`M${x1} ${y1} C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`}
                  className="fill-none stroke-line-strong"
                />
              );
            })}
          </svg>
          <ol>
            {graph.nodes.map((node) => (
              <Node key={node.key} node={node} isRoot={graph.roots.includes(node.key)} place={places.get(node.key)} />
            ))}
          </ol>
        </div>
      </div>
      <details className="mt-2">
        <summary className="cursor-pointer text-ink-soft text-xs hover:text-ink">Show as table</summary>
        <PlainTable
          caption="Lineage"
          rows={graph.nodes}
          rowKey={({ key }) => key}
          columns={[
            { id: 'kind', header: 'What', cell: ({ kind }) => kind },
            { id: 'name', header: 'Name', cell: (node) => <NodeName node={node} /> },
            { id: 'state', header: 'State', cell: ({ state }) => state ?? '–' },
            { id: 'from', header: 'Comes from', cell: ({ key }) => namesBefore(graph, key) },
          ]}
        />
      </details>
    </>
  );
}

function Node(props: { node: LineageNode; isRoot: boolean; place: { x: number; y: number } | undefined }) {
  const { node, isRoot, place } = props;
  if (place === undefined) return null;
  const { kind, state, detail } = node;
  return (
    <li
      className={classNames(
        'absolute grid content-center rounded-md border bg-surface px-2',
        isRoot && 'border-accent/60 bg-accent-soft',
        state === 'live' && !isRoot && 'border-good/60',
      )}
      style={{ left: place.x, top: place.y, ...nodeSize }}
      aria-current={isRoot || undefined}
    >
      <span className="truncate text-2xs text-ink-soft">
        {kind}
        {state !== null && `, ${state.toLowerCase()}`}
      </span>
      <span className="truncate font-medium text-xs">
        <NodeName node={node} />
      </span>
      {detail !== null && (
        <span className="nums truncate text-2xs text-ink-soft" title={detail}>
          {detail}
        </span>
      )}
    </li>
  );
}

const hrefs: Partial<Record<LineageNode['kind'], (id: string) => string>> = {
  batch: (id) => `/sessions?batch=${id}`,
  experiment: (id) => `/runs?experiment=${id}`,
  search: (id) => `/runs?run=${id}`,
  run: (id) => `/runs?run=${id}`,
  model: (id) => `/models?model=${id}`,
  rollout: (id) => `/deployments/${id}`,
  collection: (id) => `/collections?collection=${id}`,
};

function NodeName({ node: { kind, id, label } }: { node: LineageNode }) {
  const href = hrefs[kind]?.(encodeURIComponent(id));
  const text = label.length > 34 ? `${label.slice(0, 16)}…` : label;
  if (href === undefined) return <span title={id}>{text}</span>;
  return (
    <Link href={href} title={label} className="underline decoration-line-strong underline-offset-2 hover:text-accent">
      {text}
    </Link>
  );
}

function namesBefore({ nodes, edges }: Graph, key: string): string {
  const before = edges.filter(({ to }) => to === key).map(({ from }) => nodes.find((node) => node.key === from)?.label);
  return before.join(', ') || '–';
}
