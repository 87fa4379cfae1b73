'use client';

import type { ReactNode } from 'react';
import { useTRPCClient } from '@/trpc/client';
import { formatCount, formatShare } from '@/ui/format-number';
import type { Experiment, Standing } from './experiment-types';
import { unitWords } from './experiment-words';

export interface Act {
  name: string;
  label: string;
  kind: 'primary' | 'secondary' | 'danger';
  /** Of the question. */
  title: string;
  /** What it affects and how to undo it; null: nothing to ask. */
  text: ReactNode;
  run: () => Promise<unknown>;
  said: string;
}

/** What the experiment's state allows now. */
export function useActs({ experiment, exposures }: Standing): Act[] {
  const client = useTRPCClient();
  const { id: experimentId, state, definition } = experiment;
  const { name } = definition;
  const units = exposures.arms.reduce((sum, arm) => sum + arm.units, exposures.multiple);
  const start: Act = {
    ...{ name: 'start', label: 'Start', kind: 'primary', title: `Start ${name}?`, said: 'It runs.' },
    text: <StartText experiment={experiment} />,
    run: () => client.experiment.startExperiment.mutate({ experimentId }),
  };
  const stop: Act = {
    ...{ name: 'stop', label: 'Stop', kind: 'danger', title: `Stop ${name}?`, said: 'Stopped.' },
    text: (
      <>
        <p>
          All {formatCount(units)} {unitWords[definition.unit]} that took part get the live search again from the next
          search on. What was measured stays, no arm ships.
        </p>
        <p>It cannot go on afterwards. Undo: a copy starts anew, with other units in its arms.</p>
      </>
    ),
    run: () => client.experiment.stopExperiment.mutate({ experimentId }),
  };
  const take: Act = {
    ...{ name: 'take', label: 'Take read-out', kind: 'secondary', title: '', text: null, said: 'Read out.' },
    run: () => client.experiment.takeReadout.mutate({ experimentId }),
  };
  const rollBack: Act = {
    ...{ name: 'rollBack', label: 'Roll back', kind: 'danger', title: `Roll back ${name}?`, said: 'Rolled back.' },
    text: <RollBackText experiment={experiment} />,
    run: () => client.experiment.rollBackExperiment.mutate({ experimentId }),
  };
  if (state === 'draft') return [start];
  return state === 'running' ? [take, stop, rollBack] : [take];
}

function StartText({ experiment: { definition } }: { experiment: Experiment }) {
  const { kind, layerShare, traffic, layer, unit, arms, canary } = definition;
  const control = arms[0]?.name ?? 'the control';
  const others = arms.slice(1).map((arm) => arm.name);
  const share = formatShare(layerShare * traffic, 0);
  const words = {
    ab: `${share} of the ${unitWords[unit]} of layer ${layer} take part: each sees ${control} or ${others.join(' or ')}.`,
    canary: `${formatShare(canary?.steps[0] ?? 0)} of the ${unitWords[unit]} see ${others.join(', ')}, as many again are its control. It grows and ships by itself unless a guardrail is breached.`,
    interleaving: `${share} of the ${unitWords[unit]} of layer ${layer} get lists that mix ${control} and ${others.join(', ')}.`,
    shadow: `Nobody sees anything else. ${others.join(', ')} is computed beside ${share} of the searches of layer ${layer}, which costs the model server that much more.`,
  };
  return (
    <>
      <p>{words[kind]}</p>
      <p>
        The collections are fixed now, and only name, hypothesis and traffic can change while it runs. Undo: stop it,
        and everybody gets the live search again.
      </p>
    </>
  );
}

function RollBackText({ experiment: { definition } }: { experiment: Experiment }) {
  const control = definition.arms[0]?.name ?? 'the control';
  const others = definition.arms.slice(1).map((arm) => arm.name);
  return (
    <>
      <p>
        Everybody gets {control} from the next search on, and it is noted that {others.join(', ')} did harm. Rollouts
        whose collections were there for this experiment alone end; they can be retried.
      </p>
      <p>It cannot go on afterwards. Undo: a copy starts anew, with other units in its arms.</p>
    </>
  );
}
