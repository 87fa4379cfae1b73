import type { ExperimentKind, ExperimentState, ReadoutVerdict } from '@embedding-studio/contracts';
import { Badge } from '@/ui/badge';
import { kindWords, stateWords, verdictWords } from './experiment-words';

export function VerdictBadge({ verdict, arm }: { verdict: ReadoutVerdict; arm: string | null }) {
  const { title, tone, hint } = verdictWords[verdict];
  return (
    <Badge tone={tone} title={hint}>
      {title}
      {arm !== null && ` ${arm}`}
    </Badge>
  );
}

export function StateBadge({ state }: { state: ExperimentState }) {
  const { title, tone } = stateWords[state];
  return (
    <Badge tone={tone} dot={state === 'running' ? 'live' : 'still'}>
      {title}
    </Badge>
  );
}

export function KindBadge({ kind }: { kind: ExperimentKind }) {
  const { title, hint } = kindWords[kind];
  return <Badge title={hint}>{title}</Badge>;
}
