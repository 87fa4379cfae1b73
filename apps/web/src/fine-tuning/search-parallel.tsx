'use client';

import type { RunRow, TrialView } from '@embedding-studio/core';
import { useRouter } from 'next/navigation';
import { useMemo, useState } from 'react';
import { useWidth } from '@/charts/use-width';
import { createAxis } from '@/runs/parallel-axes';
import { ParallelLines } from '@/runs/parallel-lines';

const height = 220;
const edge = { top: 10, bottom: 14, side: 52 };
const scoreKey = 'metrics.nDCG@10';

/** Each trial as a line through its settings to its score; the lighter the better. */
export function SearchParallel({ trials }: { trials: readonly TrialView[] }) {
  const [frame, width] = useWidth();
  const [focus, setFocus] = useState<string | null>(null);
  const router = useRouter();
  const rows = useMemo(() => deepestOf(trials).map(toRow), [trials]);
  const axes = useMemo(() => {
    const names = [...new Set(trials.flatMap(({ settings }) => Object.keys(settings)))];
    const keys = names.map((name) => `params.${name}`);
    const options = { flipped: [], logAxes: keys.filter((key) => spansDecades(key, rows)) };
    return [...keys, scoreKey].map((key) => createAxis(key, rows, options));
  }, [trials, rows]);
  const places = useMemo(
    () => axes.map((_, at) => edge.side + ((width - 2 * edge.side) * at) / Math.max(1, axes.length - 1)),
    [axes, width],
  );
  if (rows.length < 2)
    return (
      <p className="rounded-md bg-sunken p-4 text-center text-ink-faint text-xs">
        With two trials ended, each is drawn here as a line through its settings to its score.
      </p>
    );
  return (
    <figure aria-label="Trials as lines through their settings to their score">
      <figcaption className="mb-1 text-ink-soft text-xs">
        {focus === null ? 'Settings and what they led to' : rows.find(({ runId }) => runId === focus)?.name}
      </figcaption>
      <div ref={frame} className="relative overflow-hidden rounded-md border">
        <div className="relative h-6 border-b">
          {axes.map(({ key, label }, at) => (
            <span
              key={key}
              className="absolute top-1 w-24 truncate text-center font-mono text-2xs"
              style={{ left: (places[at] ?? 0) - 48 }}
              title={label}
            >
              {label}
            </span>
          ))}
        </div>
        <div className="relative" style={{ height }}>
          <ParallelLines
            {...{ runs: rows, inside: rows, axes, places, width, height, edge, focus }}
            tint={axes.at(-1) ?? null}
            onFocus={setFocus}
            onOpen={(runId) => router.push(`/runs?run=${encodeURIComponent(runId)}`)}
          />
          {axes.map(({ key, ticks }, at) =>
            ticks.map((tick) => (
              <span
                key={`${key} ${tick.label}`}
                className="nums pointer-events-none absolute rounded-sm bg-surface/80 px-0.5 text-2xs text-ink-soft"
                style={{
                  left: (places[at] ?? 0) + 4,
                  top: edge.top + (1 - tick.at) * (height - edge.top - edge.bottom) - 7,
                }}
              >
                {tick.label}
              </span>
            )),
          )}
        </div>
      </div>
    </figure>
  );
}

/** The longest training of each trial that has a score. */
function deepestOf(trials: readonly TrialView[]): TrialView[] {
  const deepest = new Map<number, TrialView>();
  for (const one of trials) if (one.score !== null) deepest.set(one.trial, one);
  return [...deepest.values()];
}

function toRow({ runId, trial, rung, status, score, settings }: TrialView): RunRow {
  const params = Object.fromEntries(Object.entries(settings).map(([key, value]) => [key, String(value)]));
  return {
    ...{ runId, status, params, note: '', labels: [], parentRunId: null, startedAt: new Date(0), endedAt: null },
    name: `Trial ${trial + 1}, rung ${rung + 1}: nDCG@10 ${score ?? '–'}`,
    metrics: score === null ? {} : { 'nDCG@10': score },
  };
}

function spansDecades(key: string, rows: readonly RunRow[]): boolean {
  const values = rows.map(({ params }) => Number(params[key.slice('params.'.length)] ?? Number.NaN));
  const known = values.filter((value) => value > 0);
  return known.length > 1 && Math.max(...known) / Math.min(...known) > 20;
}
