import type { TrainingRowView } from '@embedding-studio/core';
import { Badge } from '@/ui/badge';
import { classNames } from '@/ui/class-names';
import type { Column } from '@/ui/data-table';
import { formatCount, formatDecimal } from '@/ui/format-number';
import { labelTone } from './row-words';

export const rowColumns: Column<TrainingRowView>[] = [
  {
    id: 'label',
    header: 'Label',
    width: '6.5rem',
    cell: ({ label, isUsed }) => (
      <Badge tone={labelTone[label]} className={classNames(!isUsed && label !== 'unobserved' && 'line-through')}>
        {label}
      </Badge>
    ),
  },
  { id: 'query', header: 'Query', width: 'minmax(9rem, 1.2fr)', cell: ({ query }) => query },
  {
    id: 'item',
    header: 'Item',
    width: 'minmax(10rem, 1.4fr)',
    cell: ({ title, itemId }) => title ?? <code className="text-ink-faint text-xs">{itemId}</code>,
  },
  {
    id: 'position',
    header: 'Position',
    width: '4rem',
    align: 'right',
    cell: ({ position }) => formatCount(position),
  },
  {
    id: 'why',
    header: 'Why',
    width: 'minmax(14rem, 2fr)',
    cell: ({ words }) => (
      <span className="text-ink-soft text-xs" title={words}>
        {words}
      </span>
    ),
  },
  {
    id: 'propensity',
    header: 'Propensity',
    width: '4.5rem',
    align: 'right',
    cell: ({ propensity }) => formatDecimal(propensity, 2),
  },
  {
    id: 'weight',
    header: 'Weight',
    width: '4rem',
    align: 'right',
    cell: ({ weight, isUsed }) => (
      <span className={isUsed ? 'font-medium' : 'text-ink-faint'}>{formatDecimal(weight, 2)}</span>
    ),
  },
];
