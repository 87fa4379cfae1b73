import type { LabelBound, TelemetryMetric } from '@embedding-studio/contracts';

/** What a label says in place of a value that it may not have. */
export const otherValue = 'other';

/** Keeps every label of a metric within its bound, so that no caller can make the number of series grow without end. */
export function boundLabels(definition: TelemetryMetric): (labels: Record<string, string>) => Record<string, string> {
  const admitters = Object.entries(definition.labels).map(([name, bound]) => [name, admit(bound)] as const);
  return (labels) => Object.fromEntries(admitters.map(([name, admitted]) => [name, admitted(labels[name])]));
}

function admit(bound: LabelBound): (value: string | undefined) => string {
  if (typeof bound !== 'number') {
    const known = new Set(bound);
    return (value) => (value !== undefined && known.has(value) ? value : otherValue);
  }
  const seen = new Set<string>();
  return (value) => {
    if (value === undefined) return otherValue;
    if (seen.has(value)) return value;
    if (seen.size >= bound) return otherValue;
    seen.add(value);
    return value;
  };
}
