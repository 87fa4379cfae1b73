'use client';

import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useEffect, useMemo, useState } from 'react';
import { useTRPC } from '@/trpc/client';
import { fieldsOf, settingsOf, type Typed, typedOf } from './settings-schema';
import { useBatches } from './use-batches';

const usual = 'contrastive';

/** What the start form knows and holds: methods with their fields, models, batches, and what was typed. */
export function useStartForm(cloneOf: string | null) {
  const trpc = useTRPC();
  const listed = useQuery(trpc.plugin.listPlugins.queryOptions({ kind: 'fine-tuning-method' }));
  const models = useQuery(trpc.model.listModels.queryOptions({ limit: 100 }));
  const origin = useQuery({
    ...trpc.fineTuning.getFineTuning.queryOptions({ jobId: cloneOf ?? '' }),
    enabled: cloneOf !== null,
  });
  const [chosen, setMethod] = useState('');
  const [baseModelId, setBaseModelId] = useState('');
  const { batchId, setBatchId, ...batches } = useBatches();
  const [deploys, setDeploys] = useState(true);
  const [searchMinutes, setSearchMinutes] = useState('');
  const [typed, setTyped] = useState<Typed>({});
  const copied = origin.data;
  useEffect(() => {
    if (copied === undefined) return;
    setMethod(copied.method);
    setBaseModelId(copied.baseModel.id);
    setBatchId(copied.batchId ?? '');
    setDeploys(copied.rolloutId !== null);
    setTyped(typedOf(copied.settings));
  }, [copied, setBatchId]);
  const methods = listed.data?.filter(({ status }) => status === 'ready') ?? [];
  const first = methods.find(({ id }) => id === usual) ?? methods[0];
  const method = chosen || (first?.id ?? '');
  const schema = methods.find(({ id }) => id === method)?.configSchema ?? null;
  const fields = useMemo(() => fieldsOf(schema), [schema]);
  const asked = {
    method,
    settings: settingsOf(fields, typed),
    baseModelId: baseModelId || undefined,
    batchId: batchId || undefined,
  };
  // Typing stays smooth; the check follows when there is time.
  const check = useDeferredValue(asked);
  return {
    ...{
      method,
      setMethod,
      methods,
      fields,
      typed,
      baseModelId,
      setBaseModelId,
      batchId,
      setBatchId,
      deploys,
      setDeploys,
      searchMinutes,
      setSearchMinutes,
    },
    type: (key: string, text: string) => setTyped((before) => ({ ...before, [key]: text })),
    problems: listed.error?.message ?? models.error?.message ?? batches.fault,
    models: [
      { value: '', label: 'what is live' },
      ...(models.data ?? []).map(({ id, name }) => ({ value: id, label: name })),
    ],
    ...{ batches: batches.choices, obstacle: batches.obstacle },
    request: { check, start: { ...asked, deploy: deploys, ...searchOf(searchMinutes) } },
  };
}

/** Empty, or what is no number above 0: the settings are trained as given. */
function searchOf(minutes: string): { search?: { secondsMax: number } } {
  const seconds = Number(minutes) * 60;
  return seconds > 0 ? { search: { secondsMax: Math.max(10, seconds) } } : {};
}
