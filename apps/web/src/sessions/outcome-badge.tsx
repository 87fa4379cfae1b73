import type { SessionFlag } from '@embedding-studio/contracts';
import { Badge, type Tone } from '@/ui/badge';
import { flagWords } from './flag-words';

const order: [SessionFlag, Tone][] = [
  ['irrelevant', 'warn'],
  ['converted', 'good'],
  ['satisfied', 'good'],
  ['clicked', 'accent'],
  ['zeroResult', 'bad'],
  ['keystroke', 'neutral'],
  ['reformulated', 'warn'],
  ['abandoned', 'neutral'],
];

/** The one word that says most about how a search went. */
export function OutcomeBadge({ flags }: { flags: readonly SessionFlag[] }) {
  const found = order.find(([flag]) => flags.includes(flag));
  if (found === undefined) return null;
  const [flag, tone] = found;
  return (
    <Badge tone={tone} title={flagWords[flag].hint}>
      {flagWords[flag].title}
    </Badge>
  );
}
