/** Queries seen, repeats included, by which small encoders have learnt most of what clicks teach. */
const queriesWanted = 6_000;
const epochsLimit = 8;

/** Few queries are read more often, unless the caller said how often. */
export function chooseEpochs(input: { given: unknown; recipe: number; queries: number }): number {
  const { given, recipe, queries } = input;
  if (given !== undefined) return recipe;
  return Math.max(recipe, Math.min(epochsLimit, Math.ceil(queriesWanted / Math.max(1, queries))));
}
