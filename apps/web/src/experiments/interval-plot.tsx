import { linearTicks } from '@/charts/scale';
import { classNames } from '@/ui/class-names';
import { formatDelta, formatShare, noValue } from '@/ui/format-number';
import { drawnOf, type IntervalRow, placeOf, reachOf, type Sense } from './interval-rows';

const columns = 'grid gap-x-4 sm:grid-cols-[minmax(8rem,13rem)_minmax(0,1fr)_11.5rem]';

export interface IntervalPlotProps {
  rows: readonly IntervalRow[];
  /** Shared by the plots of a page, so that lengths compare; default: from the rows. */
  reach?: number;
}

/** Change against the control with its interval, a line each; zero in the middle. */
export function IntervalPlot({ rows, reach = reachOf(rows) }: IntervalPlotProps) {
  return (
    <div className="grid gap-3 sm:gap-1.5">
      {rows.map((row) => (
        <PlotRow key={row.id} row={row} reach={reach} />
      ))}
      <Axis reach={reach} />
    </div>
  );
}

export const senseWords: Record<Sense, string> = { better: 'better', worse: 'worse', open: 'not told from chance' };
const looks: Record<Sense, { line: string; mark: string }> = {
  better: { line: 'bg-series-3', mark: 'fill-series-3' },
  worse: { line: 'bg-series-2', mark: 'fill-series-2' },
  open: { line: 'bg-line-strong', mark: 'fill-ink-soft' },
};

function PlotRow({ row, reach }: { row: IntervalRow; reach: number }) {
  const { title, arm, result, sense, isBreached } = row;
  return (
    <div className={classNames(columns, 'items-center')}>
      <div className="flex min-w-0 items-baseline gap-1.5">
        <span className="truncate font-medium">{title}</span>
        <span className="truncate text-ink-faint text-xs">{arm}</span>
      </div>
      <Stretch row={row} reach={reach} />
      <div className="nums flex flex-wrap items-baseline justify-between gap-x-2 sm:justify-end sm:text-right">
        <span className={classNames('font-medium', isBreached && 'text-bad')}>{changeText(result)}</span>
        <span className="text-ink-faint text-xs">{isBreached ? 'limit breached' : noteOf(row, sense)}</span>
      </div>
    </div>
  );
}

/** +4.2 % of the control's value; of a control of zero the plain difference. */
function changeText(result: IntervalRow['result']): string {
  if (result.kind !== 'estimated') return noValue;
  return result.relative === null
    ? formatDelta(result.difference.mean)
    : `${formatDelta(result.relative.mean * 100, 1)} %`;
}

function noteOf({ result }: IntervalRow, sense: Sense): string {
  if (result.kind === 'insufficient')
    return result.need === null ? 'too little data' : `${result.have} of ${result.need} units`;
  if (result.kind === 'invalid') return 'not valid';
  return result.chanceToWin === null ? senseWords[sense] : `${formatShare(result.chanceToWin)} to win`;
}

function Stretch({ row, reach }: { row: IntervalRow; reach: number }) {
  const { result, limit, sense } = row;
  const drawn = drawnOf(result);
  const look = looks[sense];
  const zero = placeOf(0, reach).percent;
  return (
    <div role="img" aria-label={labelOf(row)} className="relative h-7 overflow-hidden rounded bg-sunken">
      {limit !== null && drawn !== null && <Limit limit={limit} reach={reach} />}
      <span className="absolute inset-y-0 w-px bg-line-strong" style={{ left: `${zero}%` }} />
      {drawn === null ? (
        <span className="absolute inset-y-0 left-2 flex max-w-[95%] items-center truncate text-2xs text-ink-faint">
          {result.kind === 'estimated' ? 'the control is 0: see the table' : result.reason}
        </span>
      ) : (
        <>
          <Bar drawn={drawn} reach={reach} className={look.line} />
          <Mark at={placeOf(drawn.mean, reach).percent} sense={sense} className={look.mark} />
        </>
      )}
    </div>
  );
}

function Bar({ drawn, reach, className }: { drawn: { lo: number; hi: number }; reach: number; className: string }) {
  const [lo, hi] = [placeOf(drawn.lo, reach), placeOf(drawn.hi, reach)];
  const end = 'absolute top-1/2 h-2.5 w-0.5 -translate-x-1/2 -translate-y-1/2';
  return (
    <>
      <span
        className={classNames('absolute top-1/2 h-[3px] -translate-y-1/2', className)}
        style={{ left: `${lo.percent}%`, width: `${hi.percent - lo.percent}%` }}
      />
      {!lo.isCut && <span className={classNames(end, className)} style={{ left: `${lo.percent}%` }} />}
      {!hi.isCut && <span className={classNames(end, className)} style={{ left: `${hi.percent}%` }} />}
    </>
  );
}

/** Up, down or round: the sense is told without colour too. */
function Mark({ at, sense, className }: { at: number; sense: Sense; className: string }) {
  return (
    <svg
      aria-hidden
      viewBox="0 0 12 12"
      className={classNames('absolute top-1/2 size-3 -translate-x-1/2 -translate-y-1/2 stroke-surface', className)}
      style={{ left: `${at}%` }}
    >
      {sense === 'open' && <circle cx={6} cy={6} r={4.5} />}
      {sense === 'better' && <path d="M6 1 11.5 11H.5Z" />}
      {sense === 'worse' && <path d="M6 11 .5 1h11Z" />}
    </svg>
  );
}

function Limit({ limit, reach }: { limit: number; reach: number }) {
  const { percent } = placeOf(limit, reach);
  const side = limit < 0 ? { left: 0, width: `${percent}%` } : { left: `${percent}%`, right: 0 };
  return (
    <span
      className={classNames('absolute inset-y-0 bg-bad-soft', limit < 0 ? 'border-r-2' : 'border-l-2', 'border-bad/60')}
      style={side}
    />
  );
}

function labelOf({ title, arm, result, sense, limit }: IntervalRow): string {
  const drawn = drawnOf(result);
  const name = `${title} of ${arm}`;
  const allowed = limit === null ? '' : `, a change beyond ${formatShare(limit)} is too much`;
  if (drawn === null) return `${name}: ${result.kind === 'estimated' ? 'control is 0' : result.reason}${allowed}`;
  return `${name}: ${changeText(result)}, from ${formatShare(drawn.lo)} to ${formatShare(drawn.hi)}, ${senseWords[sense]}${allowed}`;
}

function Axis({ reach }: { reach: number }) {
  const ticks = linearTicks(-reach, reach, 4);
  return (
    <div aria-hidden className={columns}>
      <span className="hidden sm:block" />
      <div className="nums relative h-4 text-2xs text-ink-faint">
        {ticks.map((tick) => (
          <span
            key={tick}
            className="absolute -translate-x-1/2 whitespace-nowrap"
            style={{ left: `${Math.min(96, Math.max(4, placeOf(tick, reach).percent))}%` }}
          >
            {tick === 0 ? '0' : `${formatDelta(tick * 100, reach < 0.05 ? 1 : 0)} %`}
          </span>
        ))}
      </div>
      <span className="hidden sm:block" />
    </div>
  );
}
