import { formatCompact, formatDecimal, formatDuration } from '@/ui/format-number';

/** Short numbers for axes: 12k, 0.35, 2e-5. */
export function formatTick(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size >= 10_000) return formatCompact(value);
  if (size < 0.001) return Number(value.toPrecision(2)).toExponential();
  return String(Number(value.toPrecision(4)));
}

/** Metrics as people read them: enough digits to tell runs apart. */
export function formatMetric(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (size !== 0 && size < 0.001) return value.toExponential(2);
  if (size >= 1_000 || Number.isInteger(value)) return formatDecimal(value, 0);
  return formatDecimal(value, size >= 100 ? 1 : 4);
}

export function formatSeconds(seconds: number): string {
  return seconds === 0 ? '0' : formatDuration(seconds * 1_000);
}
