'use client';

import type { SessionTimeline } from '@embedding-studio/core';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { FactList } from '@/ui/fact-list';
import { formatCount, formatDuration, noValue } from '@/ui/format-number';
import { EventList } from './event-list';
import { NearbySearches } from './nearby-searches';
import { OutcomeBadge } from './outcome-badge';
import { sessionsHref } from './sessions-href';
import { ShownList } from './shown-list';
import { TrainingVerdict } from './training-verdict';

export interface PeekContentProps {
  session: SessionTimeline;
  onOpen(sessionId: string): void;
}

/** Query, list, clicks with how long they lasted, and what stands around them. */
export function PeekContent({ session, onOpen }: PeekContentProps) {
  return (
    <div className="space-y-5">
      <TrainingVerdict session={session} />
      <ShownList session={session} />
      <EventList session={session} />
      <NearbySearches session={session} onOpen={onOpen} />
      <section>
        <h3 className="mb-1.5 font-semibold text-xs">Facts</h3>
        <FactList facts={factsOf(session)} />
      </section>
    </div>
  );
}

function factsOf({ sessionId, userId, tookMs, traits, batch }: SessionTimeline): [string, ReactNode][] {
  const user = userId !== null && (
    <Link className="break-all text-accent hover:underline" href={sessionsHref({ user: userId })}>
      {userId}
    </Link>
  );
  return [
    ['Outcome', <OutcomeBadge key="outcome" flags={traits.flags} />],
    ['User', user || noValue],
    ['Took', formatDuration(tookMs)],
    ['Model', <Id key="model" id={traits.modelId} />],
    ['Collection', <Id key="collection" id={traits.collectionId} />],
    ['Batch', `number ${formatCount(batch.number)} of ${batch.batchId} (${batch.status})`],
    ['Session', <Id key="session" id={sessionId} />],
  ];
}

function Id({ id }: { id: string | null }) {
  return <span className="break-all font-mono text-xs">{id ?? noValue}</span>;
}
