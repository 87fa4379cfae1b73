import { type TrainingRow, trainingLabels, trainingReasons } from '@embedding-studio/contracts';
import { normaliseQuery } from '@embedding-studio/ml/clicks';
import { z } from 'zod';
import { readRow } from './training-rows-artefact.ts';

export const TrainingRowFilter = z.object({
  label: z.enum(trainingLabels).optional(),
  why: z.enum(trainingReasons).optional(),
  /** Start of the query; case and punctuation do not count. */
  query: z.string().max(200).optional(),
  itemId: z.string().max(512).optional(),
  sessionId: z.string().max(128).optional(),
  /** Only what the trainer was given, or only what it was not. */
  isUsed: z.boolean().optional(),
});
export type TrainingRowFilter = z.output<typeof TrainingRowFilter>;

/** Line → row, or null when the filter leaves it out. Lines without the words looked for are not even parsed. */
export function createRowMatcher(filter: TrainingRowFilter): (line: string) => TrainingRow | null {
  const { query, ...exact } = filter;
  const wanted = Object.entries(exact).filter(([, value]) => value !== undefined);
  const parts = wanted.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
  const prefix = query === undefined ? '' : normaliseQuery(query);
  return (line) => {
    if (!parts.every((part) => line.includes(part))) return null;
    const row = readRow(line);
    if (!wanted.every(([key, value]) => row[key as keyof TrainingRow] === value)) return null;
    return prefix === '' || normaliseQuery(row.query).startsWith(prefix) ? row : null;
  };
}
