'use client';

import { useCollectionNames } from '@/search/use-collection-names';
import { Badge } from '@/ui/badge';
import { Card } from '@/ui/card';
import { formatCount, formatShare, noValue } from '@/ui/format-number';
import { WideTable } from '@/ui/wide-table';
import { describeTreatment } from './describe-treatment';
import type { Standing } from './experiment-types';
import { unitWords } from './experiment-words';

const columns = [
  { title: 'Arm' },
  { title: 'What it does otherwise' },
  { title: 'Answers from', hint: 'Fixed when the experiment starts' },
  { title: 'Weight', align: 'right' },
  { title: 'Units', align: 'right', hint: 'That saw this arm only' },
  { title: 'Share', align: 'right' },
] as const;

/** What is compared, and how many have seen it. */
export function ArmsCard({ standing: { experiment, exposures } }: { standing: Standing }) {
  const { definition, collections, shippedArm, startedAt } = experiment;
  const nameOf = useCollectionNames();
  const weights = definition.arms.reduce((sum, { weight }) => sum + weight, 0);
  const all = exposures.arms.reduce((sum, { units }) => sum + units, 0);
  const unitsOf = (arm: string) =>
    startedAt === null ? null : (exposures.arms.find((one) => one.arm === arm)?.units ?? 0);
  const isMixed = definition.kind === 'interleaving' || definition.kind === 'shadow';
  return (
    <Card title="Arms" hint={<Counted standing={{ experiment, exposures }} all={all} />} isFlush>
      <WideTable label="Arms" columns={columns} leastWidth="40rem">
        {definition.arms.map(({ name, weight, treatment }, at) => {
          const words = describeTreatment(treatment, nameOf);
          const units = isMixed ? null : unitsOf(name);
          return (
            <tr key={name}>
              <td className="px-3 py-2 font-medium">
                {name} {at === 0 && <Badge>control</Badge>}
                {name === shippedArm && <Badge tone="good">shipped</Badge>}
              </td>
              <td className="px-3 py-2 text-ink-soft">
                {words.length === 0 ? 'the live search as it is' : words.join(' · ')}
              </td>
              <td className="px-3 py-2 text-ink-soft">
                {collections[name] === undefined ? noValue : nameOf(collections[name])}
              </td>
              <td className="nums px-3 py-2 text-right">{isMixed ? noValue : formatShare(weight / weights, 0)}</td>
              <td className="nums px-3 py-2 text-right">{formatCount(units)}</td>
              <td className="nums px-3 py-2 text-right">
                {formatShare(units === null || all === 0 ? null : units / all)}
              </td>
            </tr>
          );
        })}
      </WideTable>
    </Card>
  );
}

function Counted({ standing: { experiment, exposures }, all }: { standing: Standing; all: number }) {
  const { definition, startedAt } = experiment;
  if (startedAt === null) return 'Nobody has seen it yet.';
  const words = `${formatCount(all)} ${unitWords[definition.unit]} took part`;
  return exposures.multiple === 0 ? words : `${words}, ${formatCount(exposures.multiple)} more saw several arms`;
}
