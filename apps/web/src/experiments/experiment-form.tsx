'use client';

import { RefusableButton } from '@/settings/refusable-button';
import { useRefusal } from '@/shell/signed-in-user';
import { Button } from '@/ui/button';
import { ArmsFields } from './arms-fields';
import { BasicFields } from './basic-fields';
import { DurationEstimate } from './duration-estimate';
import type { ExperimentDraft } from './experiment-draft';
import { MetricFields } from './metric-fields';
import { RulesFields } from './rules-fields';
import { TargetingFields } from './targeting-fields';
import { useExperimentForm } from './use-experiment-form';

export interface ExperimentFormProps {
  begin: ExperimentDraft;
  /** The draft that is changed; null: a new one. */
  experimentId: string | null;
  onStored: (experimentId: string) => void;
  onClose: () => void;
}

/** Everything a person decides about an experiment, with what it will take beside it. */
export function ExperimentForm({ begin, experimentId, onStored, onClose }: ExperimentFormProps) {
  const form = useExperimentForm({ begin, experimentId, onStored });
  const refusal = useRefusal('engineer');
  const { draft, faults, change } = form;
  const isCompared = draft.kind === 'ab' || draft.kind === 'canary';
  return (
    <form
      noValidate
      aria-label="Experiment"
      onSubmit={(event) => {
        event.preventDefault();
        if (refusal === null) form.submit();
      }}
    >
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <fieldset disabled={refusal !== null} className="grid min-w-0 gap-4">
          <BasicFields {...{ draft, faults, change }} />
          <ArmsFields {...{ draft, faults, change }} />
          {isCompared && <MetricFields {...{ draft, faults, change }} />}
          <RulesFields {...{ draft, faults, change }} />
          <TargetingFields {...{ draft, faults, change }} />
        </fieldset>
        {isCompared && (
          <DurationEstimate
            definition={form.definition}
            onUnits={(units) => change({ unitsExpected: String(units) })}
          />
        )}
      </div>
      <div className="sticky bottom-0 mt-4 flex flex-wrap items-center gap-3 border-t bg-canvas py-3">
        <RefusableButton kind="primary" type="submit" refusal={refusal} isPending={form.isPending}>
          {experimentId === null ? 'Store the draft' : 'Store the changes'}
        </RefusableButton>
        <Button onClick={onClose}>Cancel</Button>
        <FaultLine faults={faults} />
      </div>
    </form>
  );
}

function FaultLine({ faults }: Pick<ReturnType<typeof useExperimentForm>, 'faults'>) {
  const [first] = faults;
  if (first === undefined) return null;
  const [field, words] = first;
  const more = faults.size > 1 ? `, and ${faults.size - 1} more` : '';
  return (
    <p role="alert" className="min-w-0 text-bad text-xs">
      {words.startsWith(field) ? words : `${field}: ${words}`}
      {more}
    </p>
  );
}
