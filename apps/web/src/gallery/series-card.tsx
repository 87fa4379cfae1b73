'use client';

import { CartesianGrid, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { ChartFrame } from '@/ui/chart-frame';
import { axisLook, gridLook, seriesColours, seriesDashes, tooltipLook } from '@/ui/chart-look';
import { formatDecimal } from '@/ui/format-number';
import { PlainTable } from '@/ui/plain-table';

const series = seriesColours.map((_, index) => `run ${index + 1}`);
const rows = Array.from({ length: 12 }, (_, step) => {
  const values = series.map((name, index) => [name, 0.9 - 0.5 * Math.exp(-step / (2 + index)) - index * 0.04]);
  return { step, ...Object.fromEntries(values) } as Record<string, number>;
});

/** Six series told apart by colour and by dash. */
export function SeriesCard() {
  const chart = (
    <ResponsiveContainer>
      <LineChart data={rows} margin={{ top: 4, right: 8, bottom: 0, left: -16 }}>
        <CartesianGrid {...gridLook} />
        <XAxis dataKey="step" {...axisLook} />
        <YAxis domain={[0, 1]} {...axisLook} />
        <Tooltip {...tooltipLook} formatter={(value) => formatDecimal(Number(value))} />
        {series.map((name, index) => (
          <Line
            key={name}
            dataKey={name}
            stroke={seriesColours[index]}
            strokeDasharray={seriesDashes[index]}
            strokeWidth={1.75}
            dot={false}
            isAnimationActive={false}
          />
        ))}
      </LineChart>
    </ResponsiveContainer>
  );
  const columns = ['step', ...series].map((id) => ({
    id,
    header: id,
    align: 'right' as const,
    cell: (row: Record<string, number>) => (id === 'step' ? row.step : formatDecimal(row[id])),
  }));
  const table = (
    <PlainTable caption="Series by step" columns={columns} rows={rows} rowKey={(row) => String(row.step)} />
  );
  return <ChartFrame title="Series" hint="Told apart by colour and by dash." chart={chart} table={table} />;
}
