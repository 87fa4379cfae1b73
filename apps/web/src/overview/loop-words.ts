import type { LoopAction, LoopStage } from '@embedding-studio/core';
import { sessionsHref } from '@/sessions/sessions-href';
import type { Tone } from '@/ui/badge';
import { formatCompact, formatCount, formatDelta } from '@/ui/format-number';

type Name = LoopStage['stage'];
type State = LoopStage['state'];

export const stageTitles: Record<Name, string> = {
  ...{ events: 'Events', batch: 'Batch', train: 'Train', gate: 'Gate', deploy: 'Deploy', live: 'Live' },
};

export const stateTones: Record<State, Tone> = {
  ...{ empty: 'neutral', working: 'accent', ready: 'accent', done: 'good', rejected: 'warn', failed: 'bad' },
};

const stateWords: Record<Name, Partial<Record<State, string>>> = {
  events: { empty: 'none yet', done: 'arriving', ready: 'quiet' },
  batch: { empty: 'none yet', ready: 'collecting', done: 'released' },
  train: { empty: 'not yet', working: 'training', done: 'trained' },
  gate: { empty: 'not yet', working: 'judging', done: 'accepted' },
  deploy: { empty: 'not yet', working: 'under way', ready: 'ready', done: 'deployed' },
  live: { empty: 'nothing yet', done: 'serving' },
};

export function stateWord({ stage, state }: LoopStage): string {
  return stateWords[stage][state] ?? state;
}

export function figureWord({ stage, figure }: LoopStage): string | null {
  if (figure === null) return null;
  if (stage === 'events') return `${formatCompact(figure)} clicks in 24 h`;
  if (stage === 'batch') return `${formatCount(figure)} sessions`;
  if (stage === 'gate') return `${formatDelta(figure, 3)} nDCG@10`;
  return stage === 'live' ? `version ${figure}` : formatCount(figure);
}

/** Where the next step is taken. */
export function actionLink(next: LoopAction): { href: string; text: string } {
  switch (next.kind) {
    case 'send-events':
      return { href: sessionsHref({}), text: 'Send events' };
    case 'create-index':
      return { href: '/collections', text: 'Index a model' };
    case 'start-fine-tuning':
      return { href: '/fine-tuning', text: 'Fine-tune' };
    case 'watch-rollout':
      return { href: `/deployments?rollout=${next.id}`, text: 'Watch' };
    case 'read-report':
      return { href: `/deployments?rollout=${next.id}`, text: 'Report' };
    case 'retry-rollout':
      return { href: `/deployments?rollout=${next.id}`, text: 'Retry' };
    case 'make-live':
      return { href: `/deployments?rollout=${next.id}`, text: 'Make live' };
    case 'roll-back':
      return { href: `/deployments?rollout=${next.id}`, text: 'Roll back' };
  }
}
