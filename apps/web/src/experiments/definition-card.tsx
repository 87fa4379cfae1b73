import type { ReactNode } from 'react';
import { Card } from '@/ui/card';
import { FactList } from '@/ui/fact-list';
import { formatCount, formatDuration, formatShare } from '@/ui/format-number';
import { Time } from '@/ui/time';
import type { Experiment } from './experiment-types';
import { metricOf, unitWords } from './experiment-words';

/** What was decided before it began. */
export function DefinitionCard({ experiment }: { experiment: Experiment }) {
  const { id, version, definition, createdAt, startedAt, endedAt } = experiment;
  const facts: [string, ReactNode][] = [
    ['Units', unitWords[definition.unit]],
    ['Layer', `${definition.layer}, ${formatShare(definition.layerShare, 0)} of it`],
    ...(definition.kind === 'shadow' ? [] : rulesOf(experiment)),
    ['Searches', targetWords(definition.targeting)],
    ['Created', <Time key="created" at={createdAt} />],
    ['Started', <Time key="started" at={startedAt} />],
    ['Ended', <Time key="ended" at={endedAt} />],
    ['Version', String(version)],
    [
      'Id',
      <code key="id" className="break-all font-mono text-xs">
        {id}
      </code>,
    ],
  ];
  return (
    <Card title="Set-up">
      <FactList facts={facts} />
    </Card>
  );
}

const analyses = { sequential: 'sequential', fixed: 'fixed horizon', bayesian: 'Bayesian' } as const;

function rulesOf({ definition }: Experiment): [string, ReactNode][] {
  const { kind, primaryMetric, guardrails, alpha, analysis, unitsMin, unitsExpected, canary } = definition;
  const isCompared = kind === 'ab' || kind === 'canary';
  return [
    ...(isCompared
      ? ([
          ['Primary metric', metricOf(primaryMetric).title],
          [
            'Guardrails',
            guardrails.length === 0
              ? 'none'
              : guardrails
                  .map(({ metric, lossMax }) => `${metricOf(metric).title} ${formatShare(lossMax, 0)}`)
                  .join(', '),
          ],
          ['Analysis', analyses[analysis]],
        ] as [string, ReactNode][])
      : ([['Lists', definition.interleaving === 'balanced' ? 'balanced' : 'team draft']] as [string, ReactNode][])),
    ['False alarms', formatShare(alpha, 1)],
    ['Least units', `${formatCount(unitsMin)} of each arm`],
    ['Units expected', formatCount(unitsExpected)],
    ...(canary === undefined
      ? []
      : ([
          [
            'Each step',
            [
              ...(canary.minutesPerStep > 0 ? [formatDuration(canary.minutesPerStep * 60_000)] : []),
              `${formatCount(canary.unitsPerStep)} units of each arm`,
            ].join(', '),
          ],
        ] as [string, ReactNode][])),
  ];
}

function targetWords(targeting: Experiment['definition']['targeting']): string {
  const parts = Object.entries(targeting).map(([name, values]) => `${name}: ${values.join(' or ')}`);
  return parts.length === 0 ? 'all' : parts.join('; ');
}
