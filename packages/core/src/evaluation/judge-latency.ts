import type { GateLatency } from '@embedding-studio/contracts';
import { formatCount, type Verdict } from './gate-numbers.ts';
import type { GateRules } from './gate-rules.ts';

/** Nothing to say where it was not measured: an overlay's fold keeps the model. */
export function judgeLatency(latency: GateLatency | null, rules: GateRules): Verdict[] {
  if (latency === null) return [];
  const { queries, before, after } = latency;
  const ratio = after.p95Ms / before.p95Ms;
  const isSlower = ratio > rules.latencyRatioMax && after.p95Ms - before.p95Ms > rules.latencyGrowthMsMin;
  const numbers =
    `Encoding a query takes ${formatMs(after.p95Ms)} at p95, the live model ${formatMs(before.p95Ms)} ` +
    `(${ratio.toFixed(2)} times, ${formatCount(queries)} queries one by one)`;
  const rule = `at most ${rules.latencyRatioMax} times is allowed`;
  return [{ isMet: !isSlower, reason: isSlower ? `${numbers}: ${rule}.` : `${numbers}.` }];
}

const formatMs = (ms: number): string => `${ms.toFixed(ms < 10 ? 1 : 0)} ms`;
