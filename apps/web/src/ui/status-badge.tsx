import { Badge, type Tone } from './badge';

const toneOf: Record<string, Tone> = {
  live: 'good',
  completed: 'good',
  done: 'good',
  accepted: 'good',
  ready: 'good',
  healthy: 'good',
  ok: 'good',
  failed: 'bad',
  rejected: 'bad',
  refused: 'bad',
  error: 'bad',
  stalled: 'bad',
  cancelled: 'neutral',
  canceled: 'neutral',
  retired: 'neutral',
  standby: 'accent',
  rolledBack: 'warn',
  paused: 'warn',
  pending: 'neutral',
  requested: 'neutral',
  waiting: 'neutral',
};

const underWay = new Set(['running', 'active', 'claimed', 'processing', 'indexing', 'training', 'loading']);

/** A status word with the colour that it has on every page; words on their way pulse. */
export function StatusBadge({ status }: { status: string }) {
  const isLive = underWay.has(status);
  return (
    <Badge tone={isLive ? 'accent' : (toneOf[status] ?? 'neutral')} dot={isLive ? 'live' : 'still'}>
      {status.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()}
    </Badge>
  );
}
