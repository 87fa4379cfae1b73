import type { GateReport, Int8Variant } from '@embedding-studio/contracts';
import { Badge } from '@/ui/badge';
import { formatCount, formatDecimal, formatDelta } from '@/ui/format-number';

/** How parts of the held-out queries fared, and what the new space looks like beside the old one. */
export function GateSegments({ report }: { report: GateReport }) {
  const { segments, anchor, latency, int8 } = report;
  return (
    <>
      {segments !== undefined && segments.length > 0 && (
        <section className="mt-3 max-h-64 overflow-auto border-t pt-2" aria-label="Segments of the gate" tabIndex={0}>
          <table className="nums w-full text-xs">
            <thead className="text-ink-faint">
              <tr>
                <th className="py-1 text-left font-normal">Segment</th>
                <th className="text-right font-normal">Queries</th>
                <th className="text-right font-normal">Before</th>
                <th className="text-right font-normal">Change (95 % interval)</th>
                <th className="text-right font-normal" title="Chance of such a loss by luck, adjusted for all segments">
                  Holm p
                </th>
              </tr>
            </thead>
            <tbody>
              {segments.map(({ name, queries, before, delta, p, isLoss }) => (
                <tr key={name} className="border-t">
                  <th className="py-1 text-left font-normal">
                    {name} {isLoss && <Badge tone="bad">loses</Badge>}
                  </th>
                  <td className="text-right">{formatCount(queries)}</td>
                  <td className="text-right">{formatDecimal(before, 3)}</td>
                  <td className="whitespace-nowrap text-right">
                    {formatDelta(delta.mean, 3)} ({formatDelta(delta.lo, 3)} to {formatDelta(delta.hi, 3)})
                  </td>
                  <td className="text-right">
                    {p === null ? <span className="text-ink-faint">too few</span> : formatDecimal(p, 3)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      <dl className="nums mt-3 grid gap-1 border-t pt-2 text-xs">
        {anchor?.before !== undefined && (
          <>
            <Fact name="Effective rank" before={anchor.before.effectiveRank} after={anchor.effectiveRank} digits={1} />
            <Fact
              name="Mean pairwise cosine"
              before={anchor.before.meanPairwiseCosine}
              after={anchor.meanPairwiseCosine}
              digits={3}
            />
          </>
        )}
        {latency && (
          <Fact
            name="Encoding a query, p95"
            before={latency.before.p95Ms}
            after={latency.after.p95Ms}
            digits={1}
            unit=" ms"
          />
        )}
        {int8 && <Int8Line variant={int8} />}
      </dl>
    </>
  );
}

/** How the model would be served; the float encoder passed or failed without it. */
function Int8Line({ variant }: { variant: Int8Variant }) {
  const { kept, speedup, deltaNdcg10, why } = variant;
  return (
    <div className="flex flex-wrap justify-between gap-x-4 gap-y-0.5" title={why}>
      <dt className="text-ink-soft">int8 variant</dt>
      <dd>
        {speedup !== null && `${formatDecimal(speedup, 2)}× as fast, `}
        {deltaNdcg10 !== null && `nDCG@10 ${formatDelta(100 * deltaNdcg10, 2)} % `}
        <Badge tone={kept ? 'good' : 'neutral'}>{kept ? 'served' : speedup === null ? 'not made' : 'not served'}</Badge>
      </dd>
      <dd className="w-full text-2xs text-ink-faint">{why}</dd>
    </div>
  );
}

function Fact(fact: { name: string; before: number; after: number; digits: number; unit?: string }) {
  const { name, before, after, digits, unit = '' } = fact;
  return (
    <div className="flex justify-between gap-4">
      <dt className="text-ink-soft">{name}</dt>
      <dd>
        {formatDecimal(before, digits)} → {formatDecimal(after, digits)}
        {unit}
      </dd>
    </div>
  );
}
