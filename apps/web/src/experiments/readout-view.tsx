'use client';

import type { Readout } from '@embedding-studio/contracts';
import { AgreementCard } from './agreement-card';
import type { Experiment } from './experiment-types';
import { HealthCard } from './health-card';
import { InterleavingCard } from './interleaving-card';
import { ResultsCard } from './results-card';
import { SeriesCard } from './series-card';
import { SlicesCard } from './slices-card';
import { VerdictCard } from './verdict-card';

interface ReadoutViewProps {
  readout: Readout;
  experiment: Experiment;
  /** What is no part of the snapshot, slices and series, is shown beside the newest alone. */
  isNewest: boolean;
}

/** A read-out: first whether it may be believed, then the verdict, then the figures. */
export function ReadoutView({ readout, experiment, isNewest }: ReadoutViewProps) {
  const { definition } = experiment;
  const isCompared = definition.kind === 'ab' || definition.kind === 'canary';
  return (
    <>
      <HealthCard readout={readout} />
      <VerdictCard readout={readout} />
      {readout.interleaving && <InterleavingCard interleaving={readout.interleaving} arms={definition.arms} />}
      {readout.agreement && <AgreementCard agreement={readout.agreement} />}
      <ResultsCard readout={readout} definition={definition} />
      {isNewest && isCompared && <SlicesCard experiment={experiment} readoutId={readout.id} />}
      {isNewest && definition.kind !== 'shadow' && <SeriesCard experiment={experiment} readoutId={readout.id} />}
    </>
  );
}
