import type { ExperimentKind, ExperimentState, MetricDefinition, ReadoutVerdict } from '@embedding-studio/contracts';
import { metrics } from '@embedding-studio/contracts';
import type { Tone } from '@/ui/badge';

export const kindWords: Record<ExperimentKind, { title: string; hint: string }> = {
  ab: { title: 'A/B test', hint: 'Each unit sees one arm; the arms are compared.' },
  canary: {
    title: 'Canary',
    hint: 'An A/B test of two arms whose traffic grows by steps while no guardrail is breached, then ships.',
  },
  interleaving: {
    title: 'Interleaving',
    hint: 'Both arms make one list, clicks say whose part was better. Needs far fewer searches than an A/B test.',
  },
  shadow: {
    title: 'Shadow',
    hint: 'Everybody sees the first arm; the second one is computed beside it and compared.',
  },
};

export const stateWords: Record<ExperimentState, { title: string; tone: Tone }> = {
  draft: { title: 'draft', tone: 'neutral' },
  running: { title: 'running', tone: 'accent' },
  stopped: { title: 'stopped', tone: 'neutral' },
  shipped: { title: 'shipped', tone: 'good' },
  rolledBack: { title: 'rolled back', tone: 'warn' },
};

export const verdictWords: Record<ReadoutVerdict, { title: string; tone: Tone; hint: string }> = {
  unhealthy: {
    ...{ title: 'unhealthy', tone: 'bad' },
    hint: 'The figures cannot be trusted. Find out why before you decide anything by them.',
  },
  rollback: {
    title: 'roll back',
    tone: 'bad',
    hint: 'It does harm: a guardrail is breached, or what decides got worse.',
  },
  ship: { title: 'ship', tone: 'good', hint: 'It is better, and no guardrail speaks against it.' },
  'no-difference': {
    ...{ title: 'no difference', tone: 'neutral' },
    hint: 'As many units as planned have come, and no difference is shown. How large one may still be, the interval says.',
  },
  'needs-data': { title: 'needs data', tone: 'accent', hint: 'Nothing can be said yet; let it run.' },
};

export const unitWords = { user: 'users', session: 'sessions', key: 'keys' } as const;

const unknown = { description: '', unit: 'score', better: 'up' } as const;

/** Also for metrics that are no longer defined: their id is their title. */
export function metricOf(id: string): Pick<MetricDefinition, 'id' | 'title' | 'description' | 'unit' | 'better'> {
  return (metrics as readonly MetricDefinition[]).find((metric) => metric.id === id) ?? { ...unknown, id, title: id };
}

/** Means and ratios over units; others cannot be compared between arms. */
export const comparableMetrics: readonly MetricDefinition[] = (metrics as readonly MetricDefinition[]).filter(
  ({ formula }) => formula.kind === 'ratio' || formula.kind === 'sum',
);
