'use client';

import type { ExperimentDefinition } from '@embedding-studio/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTRPC, useTRPCClient } from '@/trpc/client';
import { errorField, errorText } from '@/ui/error-text';
import { toast } from '@/ui/toast';
import { definitionOf, type Faults } from './definition-of';
import type { ExperimentDraft } from './experiment-draft';

export interface ExperimentForm {
  draft: ExperimentDraft;
  change: (changed: Partial<ExperimentDraft>) => void;
  /** null while a field is wrong. */
  definition: ExperimentDefinition | null;
  /** By dotted path; empty before the first try. */
  faults: Faults;
  isPending: boolean;
  submit: () => void;
}

const none: Faults = new Map();

/** A draft, what is wrong with it, and the call that stores it: as a new experiment, or over the one named. */
export function useExperimentForm(options: {
  begin: ExperimentDraft;
  experimentId: string | null;
  onStored: (experimentId: string) => void;
}): ExperimentForm {
  const { begin, experimentId, onStored } = options;
  const client = useTRPCClient();
  const trpc = useTRPC();
  const cache = useQueryClient();
  const [draft, setDraft] = useState(begin);
  const [isTried, setTried] = useState(false);
  const [refused, setRefused] = useState<Faults>(none);
  const parsed = definitionOf(draft);
  const store = useMutation({
    mutationFn: (definition: ExperimentDefinition) =>
      experimentId === null
        ? client.experiment.createExperiment.mutate(definition)
        : // A kind without steps has to take away those that are stored.
          client.experiment.updateExperiment.mutate({ experimentId, change: { canary: undefined, ...definition } }),
    onSuccess: async ({ id }) => {
      await cache.invalidateQueries(trpc.experiment.pathFilter());
      toast.success(experimentId === null ? 'Stored as a draft; nobody sees it yet.' : 'Stored.');
      onStored(id);
    },
    onError: (error) => {
      const field = errorField(error);
      if (field === null) toast.error(errorText(error));
      else setRefused(new Map([[field.replace(/^change\./, ''), errorText(error)]]));
    },
  });
  return {
    draft,
    definition: parsed.definition,
    change: (changed) => {
      setRefused(none);
      setDraft((before) => ({ ...before, ...changed }));
    },
    faults: isTried && parsed.faults !== null ? parsed.faults : refused,
    isPending: store.isPending,
    submit: () => {
      setTried(true);
      if (parsed.definition !== null) store.mutate(parsed.definition);
    },
  };
}
