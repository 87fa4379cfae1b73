import { Badge, type Tone } from '@/ui/badge';

const looks: Record<string, [string, Tone]> = {
  RUNNING: ['running', 'accent'],
  FINISHED: ['finished', 'good'],
  FAILED: ['failed', 'bad'],
  KILLED: ['stopped', 'neutral'],
};

/** The tracker's states in the words of this product. */
export function RunStatusBadge({ status }: { status: string }) {
  const [word, tone] = looks[status] ?? [status.toLowerCase(), 'neutral'];
  return (
    <Badge tone={tone} dot={status === 'RUNNING' ? 'live' : 'still'}>
      {word}
    </Badge>
  );
}
