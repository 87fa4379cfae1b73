import { StudioError, type TrainingQuery, type TrainingSet } from '@embedding-studio/contracts';
import { normaliseQuery } from '../clicks/normalise-query.ts';
import { type FindRow, openRows } from './fixed-rows.ts';

/** A training query whose items all have a text, or a row. */
export interface Example {
  text: string;
  /** Queries with the same key are the same question. */
  key: string;
  clicked: { itemId: string; weight: number }[];
  skipped: string[];
  /** Near by the base model and never clicked for this query. */
  hard: string[];
}

export interface ExampleSet {
  examples: Example[];
  /** Everything ever clicked for a query key: never a negative of that query. */
  clickedByKey: Map<string, Set<string>>;
  /** Items of the same text are one; those that have rows are told apart by their ids instead. */
  textOf(itemId: string): string;
  /** null: items are encoded. */
  rowOf: FindRow | null;
  dropped: Record<string, number>;
}

/**
 * Training queries that can teach: at least one clicked item with a text and, when `needsSkipped`, one skipped item.
 * @throws StudioError TRAINING_EVIDENCE_MISSING when none is left.
 */
export function prepareExamples(
  set: TrainingSet,
  { needsSkipped, dims = 0 }: { needsSkipped: boolean; dims?: number },
): ExampleSet {
  const rowOf = set.itemRows ? openRows(set.itemRows, dims) : null;
  const dropped: Record<string, number> = {};
  const clickedByKey = collectClicked(set);
  const textOf = (itemId: string) => (rowOf ? itemId : (set.itemTexts[itemId] ?? ''));
  const hasText = (itemId: string) => (rowOf ? rowOf(itemId) !== undefined : textOf(itemId).trim() !== '');
  const examples: Example[] = [];
  for (const query of set.queries) {
    const key = normaliseQuery(query.text);
    const known = clickedByKey.get(key);
    const clicked = query.clicked.filter(
      (click) => hasText(click.itemId) && click.weight > 0 && Number.isFinite(click.weight),
    );
    const skipped = [...new Set(query.skipped)].filter((itemId) => hasText(itemId) && !known?.has(itemId));
    const hardOf = ({ hardNegatives = [] }: TrainingQuery) =>
      hardNegatives.filter((itemId) => hasText(itemId) && !known?.has(itemId) && !skipped.includes(itemId));
    const fault = findFault({ key, clicked: clicked.length, skipped: skipped.length, needsSkipped });
    if (fault) dropped[fault] = (dropped[fault] ?? 0) + 1;
    else examples.push({ text: query.text, key, clicked, skipped, hard: hardOf(query) });
  }
  if (examples.length === 0) {
    throw new StudioError(
      'TRAINING_EVIDENCE_MISSING',
      `None of ${set.queries.length} training queries can be used: ${JSON.stringify(dropped)}`,
    );
  }
  return { examples, clickedByKey, textOf, rowOf, dropped };
}

function collectClicked(set: TrainingSet): Map<string, Set<string>> {
  const clickedByKey = new Map<string, Set<string>>();
  for (const query of set.queries) {
    const key = normaliseQuery(query.text);
    const known = clickedByKey.get(key) ?? new Set();
    for (const click of query.clicked) known.add(click.itemId);
    clickedByKey.set(key, known);
  }
  return clickedByKey;
}

function findFault(found: {
  key: string;
  clicked: number;
  skipped: number;
  needsSkipped: boolean;
}): string | undefined {
  if (found.key === '') return 'empty query';
  if (found.clicked === 0) return 'no clicked item with a text';
  return found.needsSkipped && found.skipped === 0 ? 'no skipped item with a text' : undefined;
}
