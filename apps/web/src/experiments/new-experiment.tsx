'use client';

import { useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { Page } from '@/shell/page';
import { useTRPC } from '@/trpc/client';
import { Button } from '@/ui/button';
import { QueryView } from '@/ui/query-view';
import { draftOf, type ExperimentDraft, emptyDraft } from './experiment-draft';
import { ExperimentForm } from './experiment-form';

export interface NewExperimentProps {
  /** Experiment whose settings the form begins with. */
  cloneOf: string | null;
  onClose: () => void;
}

/** Sets up an experiment, from nothing or from an earlier one. */
export function NewExperiment({ cloneOf, onClose }: NewExperimentProps) {
  const trpc = useTRPC();
  const router = useRouter();
  const origin = useQuery({
    ...trpc.experiment.getExperiment.queryOptions({ experimentId: cloneOf ?? '' }),
    enabled: cloneOf !== null,
  });
  const form = (begin: ExperimentDraft) => (
    <ExperimentForm
      begin={begin}
      experimentId={null}
      onStored={(id) => router.push(`/experiments/${encodeURIComponent(id)}`)}
      onClose={onClose}
    />
  );
  return (
    <Page
      title={cloneOf === null ? 'New experiment' : 'Copy of an experiment'}
      hint="It is stored as a draft; nobody sees it before you start it."
      actions={
        <Button kind="quiet" onClick={onClose}>
          All experiments
        </Button>
      }
    >
      {cloneOf === null ? (
        form(emptyDraft)
      ) : (
        <QueryView query={origin}>{({ experiment }) => form(copyOf(draftOf(experiment.definition)))}</QueryView>
      )}
    </Page>
  );
}

const copyOf = (draft: ExperimentDraft): ExperimentDraft => ({ ...draft, name: `${draft.name} (copy)`.slice(0, 120) });
