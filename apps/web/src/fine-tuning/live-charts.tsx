'use client';

import { smooth } from '@embedding-studio/stats/series';
import { useMemo, useState } from 'react';
import { CrosshairContext, createCrosshair } from '@/charts/crosshair';
import { formatMetric } from '@/charts/format-tick';
import type { Line } from '@/charts/line';
import { LineChart } from '@/charts/line-chart';
import { LineTable } from '@/charts/line-table';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import type { LiveSeries } from './use-job-stream';

const charts = [
  { key: 'loss', title: 'Loss', color: 1, strength: 0.6 },
  { key: 'validation.ndcg10', title: 'nDCG@10 on held-out queries', color: 2, strength: 0 },
  { key: 'examplesPerSecond', title: 'Queries per second', color: 3, strength: 0.6 },
  { key: 'learningRate', title: 'Learning rate', color: 4, strength: 0 },
] as const;

/** The curves of one training over the same steps; pointing at one reads all. */
export function LiveCharts({ series, isWaiting }: { series: ReadonlyMap<string, LiveSeries>; isWaiting: boolean }) {
  const [crosshair] = useState(createCrosshair);
  const [isTable, setIsTable] = useState(false);
  const lines = useMemo(
    () => new Map(charts.map((chart) => [chart.key, lineOf(chart, series.get(chart.key))])),
    [series],
  );
  const steps = Math.max(1, ...[...series.values()].map((one) => one.steps.at(-1) ?? 0));
  if (series.size === 0)
    return (
      <Card title="Curves">
        <p className="py-8 text-center text-ink-faint text-xs">
          {isWaiting ? 'Curves appear with the first step.' : 'This training has logged no curves.'}
        </p>
      </Card>
    );
  const all = [...lines.values()].filter((line) => line !== null);
  return (
    <Card
      title="Curves"
      hint="By step; the raw line stays faint behind the smoothed one"
      actions={
        <Button size="small" kind="quiet" aria-pressed={isTable} onClick={() => setIsTable(!isTable)}>
          {isTable ? 'Show as charts' : 'Show as table'}
        </Button>
      }
    >
      {isTable ? (
        <LineTable lines={all} />
      ) : (
        <CrosshairContext value={crosshair}>
          <div className="grid gap-x-4 gap-y-3 md:grid-cols-2">
            {charts.map(({ key, title }) => {
              const line = lines.get(key);
              return line ? (
                <figure key={key} data-curve={key} data-points={line.x.length}>
                  <figcaption className="flex items-baseline justify-between text-ink-soft text-xs">
                    {title} <span className="nums font-medium text-ink">{formatMetric(line.y[line.y.length - 1])}</span>
                  </figcaption>
                  <LineChart label={`${title} by step`} lines={[line]} xRange={[0, steps]} height={170} />
                </figure>
              ) : null;
            })}
          </div>
        </CrosshairContext>
      )}
    </Card>
  );
}

function lineOf(chart: (typeof charts)[number], found: LiveSeries | undefined): Line | null {
  if (found === undefined || found.steps.length === 0) return null;
  const curve = { x: found.steps, y: found.values };
  const y = smooth(curve, { kind: 'ema', strength: chart.strength });
  return {
    id: chart.key,
    label: chart.title,
    color: chart.color,
    ...curve,
    y,
    raw: chart.strength > 0 ? curve.y : undefined,
  };
}
