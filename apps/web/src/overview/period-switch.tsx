'use client';

import { parseAsStringLiteral, useQueryState } from 'nuqs';
import { Segmented } from '@/ui/segmented';

const periods = ['24h', '7d', '30d', '90d'] as const;
export type Period = (typeof periods)[number];

const options: { value: Period; title: string }[] = [
  { value: '24h', title: '24 hours' },
  { value: '7d', title: '7 days' },
  { value: '30d', title: '30 days' },
  { value: '90d', title: '90 days' },
];

export function usePeriod() {
  return useQueryState('period', parseAsStringLiteral(periods).withDefault('7d').withOptions({ history: 'push' }));
}

export function PeriodSwitch() {
  const [period, setPeriod] = usePeriod();
  return <Segmented label="Period" value={period} options={options} onChange={(next) => void setPeriod(next)} />;
}
