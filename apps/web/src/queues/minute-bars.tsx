import type { QueueView } from './queue-types';

/** The last hour by minute: done upwards, failed below the line. */
export function MinuteBars({ minutes, name }: { minutes: QueueView['minutes']; name: string }) {
  const most = Math.max(1, ...minutes.map(({ done, failed }) => Math.max(done, failed)));
  const done = minutes.reduce((sum, minute) => sum + minute.done, 0);
  const failed = minutes.reduce((sum, minute) => sum + minute.failed, 0);
  const words = `${name} in the last hour: ${done} attempts done, ${failed} failed or given back`;
  return (
    <svg viewBox="0 0 60 24" preserveAspectRatio="none" className="h-8 w-full" role="img" aria-label={words}>
      <title>{words}</title>
      <line x1="0" x2="60" y1="16" y2="16" className="stroke-line" strokeWidth="0.4" />
      {minutes.map((minute, at) => (
        <g key={minute.at.getTime()}>
          {minute.done > 0 && (
            <rect
              x={at + 0.1}
              width="0.8"
              y={16 - (minute.done / most) * 16}
              height={(minute.done / most) * 16}
              className="fill-series-1"
            />
          )}
          {minute.failed > 0 && (
            <rect x={at + 0.1} width="0.8" y={16} height={(minute.failed / most) * 8} className="fill-series-2" />
          )}
        </g>
      ))}
    </svg>
  );
}
