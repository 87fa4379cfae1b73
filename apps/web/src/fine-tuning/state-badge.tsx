import type { FineTuningJob } from '@embedding-studio/core';
import { Badge } from '@/ui/badge';
import { StatusBadge } from '@/ui/status-badge';
import { summariseState } from './steps';

export function StateBadge({ job }: { job: Pick<FineTuningJob, 'status' | 'rolloutState'> }) {
  const word = summariseState(job);
  return word === 'stopped' ? <Badge tone="warn">stopped</Badge> : <StatusBadge status={word} />;
}
