'use client';

import { ArrowLeft, Copy, Gauge } from 'lucide-react';
import Link from 'next/link';
import { parseAsBoolean, parseAsString, useQueryState } from 'nuqs';
import { Page } from '@/shell/page';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { EmptyState } from '@/ui/empty-state';
import { ErrorState } from '@/ui/error-state';
import { SkeletonRows } from '@/ui/skeleton';
import { ArmsCard } from './arms-card';
import { CanaryCard } from './canary-card';
import { DefinitionCard } from './definition-card';
import { ExperimentActions } from './experiment-actions';
import { draftOf } from './experiment-draft';
import { ExperimentForm } from './experiment-form';
import type { Standing } from './experiment-types';
import { HistoryCard } from './history-card';
import { OldReadoutNote } from './old-readout-note';
import { ReadoutView } from './readout-view';
import { TimelineCard } from './timeline-card';
import { TrafficCard } from './traffic-card';
import { useExperiment } from './use-experiment';
import { useOldReadout, useReadout } from './use-readout';
import { KindBadge, StateBadge } from './verdict-badge';

/** One experiment: whether its figures hold, what they say, and what can be done about it. */
export function ExperimentPage({ experimentId }: { experimentId: string }) {
  const query = useExperiment(experimentId);
  const [isEdited, setEdited] = useQueryState('edit', parseAsBoolean.withDefault(false));
  const standing = query.data;
  const stopEditing = () => void setEdited(null);
  return (
    <Page
      title={standing ? <Title standing={standing} /> : 'Experiment'}
      hint={standing?.experiment.definition.hypothesis || <code className="font-mono text-xs">{experimentId}</code>}
      actions={
        <>
          <Button asChild kind="quiet">
            <Link href="/experiments">
              <ArrowLeft /> All experiments
            </Link>
          </Button>
          <Button asChild kind="quiet">
            <Link href={`/experiments?create=true&clone=${encodeURIComponent(experimentId)}`}>
              <Copy /> Copy
            </Link>
          </Button>
          {standing && !isEdited && <ExperimentActions standing={standing} onEdit={() => void setEdited(true)} />}
        </>
      }
    >
      {query.error && !standing && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && (
        <div aria-busy="true">
          <Card>
            <SkeletonRows />
          </Card>
        </div>
      )}
      {standing && isEdited && standing.experiment.state === 'draft' ? (
        <ExperimentForm
          begin={draftOf(standing.experiment.definition)}
          experimentId={experimentId}
          onStored={stopEditing}
          onClose={stopEditing}
        />
      ) : (
        standing && <Body standing={standing} />
      )}
    </Page>
  );
}

function Title({ standing: { experiment } }: { standing: Standing }) {
  const { definition, state } = experiment;
  return (
    <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
      {definition.name}
      <span className="flex gap-1.5">
        <StateBadge state={state} />
        <KindBadge kind={definition.kind} />
      </span>
    </span>
  );
}

function Body({ standing }: { standing: Standing }) {
  const { experiment } = standing;
  const { kind } = experiment.definition;
  const newest = useReadout(experiment);
  const newestId = newest.data?.readout?.id ?? null;
  const [chosenId, choose] = useQueryState('readout', parseAsString);
  const oldId = chosenId === newestId ? null : chosenId;
  const old = useOldReadout(experiment.id, oldId);
  const query = oldId === null ? newest : old;
  const readout = query.data?.readout ?? null;
  const isRunning = experiment.state === 'running';
  return (
    <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_21rem]">
      <div className="grid min-w-0 gap-4">
        {query.error && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
        {oldId !== null && <OldReadoutNote at={readout?.createdAt ?? null} onNewest={() => void choose(null)} />}
        {readout === null && query.isSuccess && <NoReadout isRunning={isRunning} />}
        {readout !== null && <ReadoutView readout={readout} experiment={experiment} isNewest={oldId === null} />}
        <ArmsCard standing={standing} />
        {newestId !== null && (
          <HistoryCard
            experimentId={experiment.id}
            newestId={newestId}
            shownId={oldId ?? newestId}
            onOpen={(id) => void choose(id === newestId ? null : id)}
          />
        )}
      </div>
      <div className="grid min-w-0 gap-4">
        {kind === 'canary' && <CanaryCard standing={standing} />}
        {isRunning && kind !== 'canary' && <TrafficCard experiment={experiment} />}
        <DefinitionCard experiment={experiment} />
        <TimelineCard events={experiment.timeline} />
      </div>
    </div>
  );
}

function NoReadout({ isRunning }: { isRunning: boolean }) {
  return (
    <Card>
      <EmptyState icon={Gauge} title="No read-out yet">
        A read-out says whether the figures may be believed and what they say.{' '}
        {isRunning
          ? 'The workers take one every few minutes; Take read-out takes one now.'
          : 'Take read-out takes one of what was seen.'}
      </EmptyState>
    </Card>
  );
}
