/** What stands where there is no value: null is not zero. */
export const noValue = '–';

const locale = 'en-US';

export function formatCount(value: number | null | undefined): string {
  return value === null || value === undefined ? noValue : value.toLocaleString(locale, { maximumFractionDigits: 0 });
}

/** 12,345 → 12.3k. */
export function formatCompact(value: number | null | undefined): string {
  if (value === null || value === undefined) return noValue;
  return value.toLocaleString(locale, { notation: 'compact', maximumFractionDigits: 1 }).replace('K', 'k');
}

export function formatDecimal(value: number | null | undefined, digits = 3): string {
  if (value === null || value === undefined || Number.isNaN(value)) return noValue;
  return value.toLocaleString(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** .123 → 12.3 %. */
export function formatShare(value: number | null | undefined, digits = 1): string {
  return value === null || value === undefined ? noValue : `${formatDecimal(value * 100, digits)} %`;
}

/** With its sign, and a real minus. */
export function formatDelta(value: number | null | undefined, digits = 3): string {
  if (value === null || value === undefined) return noValue;
  const sign = value > 0 ? '+' : value < 0 ? '−' : '±';
  return `${sign}${formatDecimal(Math.abs(value), digits)}`;
}

const steps = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

export function formatBytes(bytes: number | null | undefined): string {
  if (bytes === null || bytes === undefined) return noValue;
  const step = Math.min(steps.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10));
  return `${formatDecimal(bytes / 1024 ** step, step === 0 ? 0 : 1)} ${steps[step]}`;
}

/** 950 ms, 12.3 s, 4 min 05 s, 2 h 10 min, 3 d 4 h. */
export function formatDuration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return noValue;
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  const seconds = ms / 1_000;
  if (seconds < 60) return `${formatDecimal(seconds, 1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${String(Math.floor(seconds % 60)).padStart(2, '0')} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
