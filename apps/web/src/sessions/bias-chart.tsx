'use client';

import type { PropensityCurve } from '@embedding-studio/contracts';
import { Area, CartesianGrid, ComposedChart, Line, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { axisLook, gridLook, seriesColours, tooltipLook } from '@/ui/chart-look';
import { formatDecimal } from '@/ui/format-number';

/** θ by rank with its band; carried values are left out, since nothing was measured there. */
export default function BiasChart({ points }: { points: PropensityCurve['points'] }) {
  const rows = points
    .filter(({ isCarried }) => !isCarried)
    .map(({ rank, theta, lo, hi }) => ({ rank, theta, band: lo === null || hi === null ? null : [lo, hi] }));
  return (
    <ResponsiveContainer>
      <ComposedChart data={rows} margin={{ top: 8, right: 8, bottom: 0, left: -20 }}>
        <CartesianGrid {...gridLook} />
        <XAxis dataKey="rank" {...axisLook} />
        <YAxis domain={[0, 1]} ticks={[0, 0.25, 0.5, 0.75, 1]} {...axisLook} />
        <Tooltip {...tooltipLook} formatter={describe} labelFormatter={(rank) => `Rank ${rank}`} />
        <Area
          dataKey="band"
          name="95 %"
          stroke="none"
          fill={seriesColours[0]}
          fillOpacity={0.16}
          activeDot={false}
          isAnimationActive={false}
        />
        <Line
          dataKey="theta"
          name="Looked at"
          stroke={seriesColours[0]}
          strokeWidth={1.75}
          dot={{ r: 2.5, fill: seriesColours[0], strokeWidth: 0 }}
          isAnimationActive={false}
        />
      </ComposedChart>
    </ResponsiveContainer>
  );
}

function describe(value: unknown): string {
  return Array.isArray(value)
    ? value.map((bound) => formatDecimal(Number(bound), 2)).join(' – ')
    : formatDecimal(Number(value), 2);
}
