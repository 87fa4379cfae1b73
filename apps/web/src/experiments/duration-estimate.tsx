'use client';

import type { ExperimentDefinition } from '@embedding-studio/contracts';
import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { formatMetric } from '@/overview/format-metric';
import { useTRPC } from '@/trpc/client';
import { Card } from '@/ui/card';
import { FactList } from '@/ui/fact-list';
import { formatCount, formatDecimal, formatShare } from '@/ui/format-number';
import { QueryView } from '@/ui/query-view';
import { Select } from '@/ui/select';
import { Skeleton } from '@/ui/skeleton';
import type { Estimate } from './experiment-types';
import { metricOf, unitWords } from './experiment-words';

const effects = ['0.01', '0.02', '0.05', '0.1', '0.2'] as const;
type Effect = (typeof effects)[number];

export interface DurationEstimateProps {
  /** null while some field is wrong. */
  definition: ExperimentDefinition | null;
  onUnits: (units: number) => void;
}

/** How long it has to run on the traffic that there is, before anybody starts it. */
export function DurationEstimate({ definition, onUnits }: DurationEstimateProps) {
  const [effect, setEffect] = useState<Effect>('0.05');
  return (
    <Card
      title="How long it takes"
      hint="From our own traffic of the last 14 days"
      className="lg:sticky lg:top-4"
      actions={
        <Select
          label="Change to find"
          className="h-7 text-xs"
          value={effect}
          options={effects.map((value) => ({ value, title: `to see ±${formatShare(Number(value), 0)}` }))}
          onChange={setEffect}
        />
      }
    >
      {definition === null ? (
        <p className="text-ink-faint">Give it a name and mend the marked fields; then it is reckoned here.</p>
      ) : (
        <Asked definition={definition} effect={Number(effect)} onUnits={onUnits} />
      )}
    </Card>
  );
}

function questionOf(definition: ExperimentDefinition, effect: number) {
  const { primaryMetric: metric, unit, alpha, analysis, unitsExpected, traffic, layerShare, arms, canary } = definition;
  // A canary has got half of all units once it takes its last step.
  const share = canary === undefined ? traffic : Math.min(1, 2 * (canary.steps.at(-1) ?? 0.5));
  const weights = canary === undefined ? arms.map(({ weight }) => weight) : [1, 1];
  return { metric, unit, alpha, analysis, unitsExpected, layerShare, effect, weights, traffic: share };
}

function Asked(props: { definition: ExperimentDefinition; effect: number; onUnits: (units: number) => void }) {
  const trpc = useTRPC();
  const asked = useDeferredValue(JSON.stringify(questionOf(props.definition, props.effect)));
  const question: ReturnType<typeof questionOf> = JSON.parse(asked);
  const query = useQuery(
    trpc.experiment.estimateDuration.queryOptions(question, {
      placeholderData: (before) => before,
      staleTime: 300_000,
      retry: false,
    }),
  );
  return (
    <QueryView query={query} skeleton={<Skeleton className="h-32" />}>
      {(estimate) => <Answer estimate={estimate} definition={props.definition} onUnits={props.onUnits} />}
    </QueryView>
  );
}

interface AnswerProps {
  estimate: Estimate;
  definition: ExperimentDefinition;
  onUnits: (units: number) => void;
}

function Answer({ estimate, definition, onUnits }: AnswerProps) {
  if (estimate.kind !== 'estimated') return <p className="text-warn">{estimate.reason}</p>;
  const { baseline, plan } = estimate;
  const units = unitWords[definition.unit];
  const metric = metricOf(definition.primaryMetric);
  const isFar = plan.units !== definition.unitsExpected;
  return (
    <div className="grid gap-3" data-testid="duration">
      <p>
        <b className="nums font-semibold text-xl tracking-tight">{weeksText(plan.weeks)}</b>{' '}
        <span className="nums text-ink-soft">
          for {formatCount(plan.units)} {units}
        </span>
      </p>
      <FactList
        facts={[
          ['Each arm', plan.unitsPerArm.map((count) => formatCount(count)).join(' / ')],
          ['Today', `${formatMetric(baseline.mean, metric.unit)} ${metric.title}`],
          ['Traffic', `${formatDecimal(baseline.unitsPerDay, baseline.unitsPerDay < 10 ? 1 : 0)} ${units} a day`],
          ['Measured', `over ${formatDecimal(baseline.days, 1)} days`],
        ]}
      />
      <Outlook plan={plan} />
      {isFar && (
        <button
          type="button"
          className="w-fit text-left text-accent text-xs underline underline-offset-2"
          onClick={() => onUnits(Math.min(100_000_000, Math.max(100, plan.units)))}
        >
          Expect {formatCount(Math.max(100, plan.units))} {units}
        </button>
      )}
      <p className="text-ink-faint text-xs">
        To be seen with 80 % certainty. Whole weeks, so that every weekday counts alike.
      </p>
    </div>
  );
}

function Outlook({ plan }: { plan: Extract<Estimate, { kind: 'estimated' }>['plan'] }) {
  const known = plan.outlook.filter(({ relative }) => relative !== null);
  if (known.length === 0) return null;
  return (
    <div>
      <h3 className="mb-1 text-ink-faint text-xs">What can be found after</h3>
      <ul className="nums grid grid-cols-4 gap-2 text-xs">
        {known.map(({ weeks, relative }) => (
          <li key={weeks} className="rounded bg-sunken px-2 py-1 text-center">
            <span className="block font-medium">±{formatShare(relative)}</span>
            <span className="text-2xs text-ink-faint">{weeks} wk</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function weeksText(weeks: number): string {
  if (weeks > 520) return 'over 10 years';
  return weeks === 1 ? '1 week' : `${formatCount(weeks)} weeks`;
}
