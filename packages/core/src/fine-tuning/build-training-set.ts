import type { FineTuningMethod, SessionWithEvents, TrainingQuery, TrainingSet } from '@embedding-studio/contracts';
import type { Ctx } from '../context.ts';
import { evidenceMissing } from './batch-split.ts';
import type { Debias } from './choose-debias.ts';

const queriesMin = 8;
const lookUp = 500;

/** Training sessions → queries with the texts of their items. Items that are gone are left out with their queries. */
export async function buildTrainingSet(
  ctx: Ctx,
  options: { method: FineTuningMethod; sessions: readonly SessionWithEvents[]; debias?: Debias },
): Promise<{ trainingSet: TrainingSet; dropped: Record<string, number> }> {
  const selected = options.method.selectExamples(options.sessions, options.debias?.options);
  const itemTexts = await loadTexts(ctx, listItemIds(selected.queries));
  const queries = selected.queries
    .map((query) => ({
      ...query,
      clicked: query.clicked.filter(({ itemId }) => itemId in itemTexts),
      skipped: query.skipped.filter((itemId) => itemId in itemTexts),
    }))
    .filter((query) => query.clicked.length > 0);
  const dropped = { ...selected.dropped, items_gone: selected.queries.length - queries.length };
  if (queries.length < queriesMin) throw evidenceMissing(`${queries.length} usable sessions, ${queriesMin} are needed`);
  return { trainingSet: { queries, itemTexts }, dropped };
}

function listItemIds(queries: readonly TrainingQuery[]): string[] {
  return [...new Set(queries.flatMap((query) => [...query.clicked.map(({ itemId }) => itemId), ...query.skipped]))];
}

export async function loadTexts(ctx: Ctx, ids: readonly string[]): Promise<Record<string, string>> {
  const texts: Record<string, string> = Object.create(null);
  for (let start = 0; start < ids.length; start += lookUp) {
    const items = await ctx.deps.items.findItems(ids.slice(start, start + lookUp));
    for (const item of items) texts[item.id] = item.parts[0] ?? item.title;
  }
  return { ...texts };
}
