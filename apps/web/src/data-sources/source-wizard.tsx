'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTRPC } from '@/trpc/client';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { errorText } from '@/ui/error-text';
import { QueryView } from '@/ui/query-view';
import { toast } from '@/ui/toast';
import { ConnectStep } from './connect-step';
import { FinishStep } from './finish-step';
import { MapStep } from './map-step';
import { configFaults, type SourceDraft, startDraft } from './source-draft';
import { useLoaders } from './use-loaders';
import { type Source, useRefreshSources } from './use-sources';
import { WizardSteps } from './wizard-steps';

export interface SourceWizardProps {
  /** Null: a new one. */
  sourceId: string | null;
  onClose: () => void;
  onSaved: (id: string) => void;
}

/** Connect, map, finish: a source is made or changed in three steps, and nothing is stored before the last. */
export function SourceWizard({ sourceId, onClose, onSaved }: SourceWizardProps) {
  const trpc = useTRPC();
  const stored = useQuery(
    trpc.dataSource.getDataSource.queryOptions({ sourceId: sourceId ?? '' }, { enabled: sourceId !== null }),
  );
  if (sourceId === null) return <Wizard source={null} onClose={onClose} onSaved={onSaved} />;
  if (stored.data !== undefined) return <Wizard source={stored.data} onClose={onClose} onSaved={onSaved} />;
  return (
    <Dialog isOpen onOpenChange={onClose} title="Edit a data source" isWide>
      <QueryView query={stored}>{() => null}</QueryView>
    </Dialog>
  );
}

function Wizard({ source, onClose, onSaved }: { source: Source | null } & Omit<SourceWizardProps, 'sourceId'>) {
  const [step, setStep] = useState(0);
  const [draft, setDraft] = useState<SourceDraft>(() => startDraft(source));
  const change = (part: Partial<SourceDraft>) => setDraft((before) => ({ ...before, ...part }));
  const { loaders } = useLoaders();
  const schema = loaders.find(({ id }) => id === draft.loader)?.configSchema ?? null;
  const faults = configFaults(schema, draft, null);
  const save = useSave(source, onSaved);
  const isConnected = draft.loader !== null && Object.keys(faults).length === 0;
  const shared = { draft, change, sourceId: source?.id ?? null };
  const footer = (
    <>
      {step > 0 && <Button onClick={() => setStep(step - 1)}>Back</Button>}
      {step < 2 ? (
        <Button kind="primary" disabled={!isConnected} onClick={() => setStep(step + 1)}>
          {step === 0 ? 'Map its fields' : 'Name and policy'}
        </Button>
      ) : (
        <Button
          kind="primary"
          isPending={save.isPending}
          disabled={draft.name.trim() === ''}
          onClick={() => save.submit(draft)}
        >
          {source === null ? 'Add the source' : 'Save the changes'}
        </Button>
      )}
    </>
  );
  return (
    <Dialog
      isOpen
      onOpenChange={onClose}
      title={source === null ? 'Add a data source' : `Edit ${source.name}`}
      hint="Nothing is stored before the last step."
      footer={footer}
      isWide
    >
      <WizardSteps current={step} titles={['Connect', 'Map fields', 'Name and policy']} />
      {step === 0 && <ConnectStep {...shared} schema={schema} faults={faults} secrets={source?.secrets ?? []} />}
      {step === 1 && <MapStep {...shared} />}
      {step === 2 && <FinishStep {...shared} />}
    </Dialog>
  );
}

function useSave(source: Source | null, onSaved: (id: string) => void) {
  const trpc = useTRPC();
  const refresh = useRefreshSources();
  const done = {
    onSuccess: (saved: { id: string; name: string }) => {
      toast.success(`${saved.name} is saved. “Sync now” fetches its items.`);
      refresh();
      onSaved(saved.id);
    },
    onError: (error: unknown) => void toast.error(errorText(error)),
  };
  const create = useMutation(trpc.dataSource.createDataSource.mutationOptions(done));
  const update = useMutation(trpc.dataSource.updateDataSource.mutationOptions(done));
  return {
    isPending: create.isPending || update.isPending,
    submit: ({ loader, ...draft }: SourceDraft) => {
      if (source !== null) update.mutate({ sourceId: source.id, ...draft });
      else create.mutate({ ...draft, loader: loader ?? '' });
    },
  };
}
