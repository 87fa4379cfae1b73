import { ChevronRight } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { classNames } from '@/ui/class-names';
import type { ModelDetail } from './model-types';

/** Where a model comes from and what it became, as a line of chips. */
export function LineageChips({ model }: { model: ModelDetail }) {
  const { ancestors, trainedOn, trainedBy, rollouts, collections, children } = model;
  const links: { key: string; kind: string; node: ReactNode; isSelf?: boolean }[] = [
    ...ancestors.map(({ id, name }) => ({ key: id, kind: 'from', node: modelLink(id, name) })),
    ...(trainedOn === null ? [] : [{ key: 'batch', kind: 'batch', node: batchLink(trainedOn.batchId) }]),
    ...(trainedBy === null ? [] : [{ key: 'task', kind: 'training', node: jobLink(trainedBy) }]),
    { key: model.id, kind: 'model', node: model.name, isSelf: true },
    ...rollouts.slice(0, 3).map(({ id, state }) => ({ key: id, kind: `rollout, ${state}`, node: rolloutLink(id) })),
    ...collections.map(({ id, isLive }) => ({
      ...{ key: id, kind: isLive ? 'collection, live' : 'collection', node: collectionLink(id) },
    })),
    ...children.map(({ id, name }) => ({ key: id, kind: 'child', node: modelLink(id, name) })),
  ];
  return (
    <ol aria-label="Lineage" className="flex flex-wrap items-center gap-x-1 gap-y-2">
      {links.map(({ key, kind, node, isSelf }, at) => (
        <li key={key} className="flex items-center gap-1">
          {at > 0 && <ChevronRight aria-hidden className="size-3 text-ink-faint" />}
          <span
            className={classNames('grid rounded-md border px-2 py-1', isSelf && 'border-accent/50 bg-accent-soft')}
            aria-current={isSelf || undefined}
          >
            <span className={classNames('text-2xs', isSelf ? 'text-accent' : 'text-ink-faint')}>{kind}</span>
            <span className="max-w-40 truncate font-medium text-xs">{node}</span>
          </span>
        </li>
      ))}
    </ol>
  );
}

const look = 'underline decoration-line-strong underline-offset-2 hover:text-accent';
const shorten = (id: string) => (id.length > 16 ? `${id.slice(0, 12)}…` : id);

const linkTo = (href: string, text: string, id: string) => (
  <Link href={href} className={look} title={id}>
    {text}
  </Link>
);
const modelLink = (id: string, name: string) => linkTo(`/models?model=${encodeURIComponent(id)}`, name, id);
const batchLink = (id: string) => linkTo(`/sessions?batch=${encodeURIComponent(id)}`, shorten(id), id);
const jobLink = (id: string) => linkTo(`/queues?tab=jobs&job=${encodeURIComponent(id)}`, shorten(id), id);
const rolloutLink = (id: string) => linkTo(`/deployments/${encodeURIComponent(id)}`, shorten(id), id);
const collectionLink = (id: string) => linkTo(`/collections?collection=${encodeURIComponent(id)}`, shorten(id), id);
