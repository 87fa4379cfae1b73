import type { TaskDetail } from './use-task';

/** The numbers that a task ended with, by name; empty while it has none. */
export function resultNumbers(detail: TaskDetail | null): Record<string, number> {
  if (detail?.result == null || detail.result.length > detail.result.text.length) return {};
  const result = JSON.parse(detail.result.text) as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(result).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  );
}
