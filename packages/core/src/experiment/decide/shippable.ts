import { type ArmTreatment, type Experiment, type RankingProfile, StudioError } from '@embedding-studio/contracts';
import { overrideRanking } from '../../search/override-ranking.ts';

/** Why the search cannot be made to do always what the arm did, and what to do instead. */
const notOurs: Partial<Record<keyof ArmTreatment, string>> = {
  retriever: 'ask for it in the searches of your application (`legs`), or make an arm with a vectorWeight of 0 or 1',
  improvement: 'turn improvement on or off for the collection on its own page',
  queryAdapter: 'promote or roll back the rollout of the query adapter',
  rankers: 'set the rankers of the live collection under Plugins',
};

/** @throws StudioError INPUT_INVALID naming the arm and what to do. */
export function requireShippable({ definition, collections }: Experiment, arm: string): void {
  const found = definition.arms.find(({ name }) => name === arm);
  if (found === undefined)
    refuse(`there is no arm ${arm}; there are ${definition.arms.map(({ name }) => name).join(', ')}`);
  if (collections[arm] === undefined) refuse('the experiment never ran, so nothing of it can be shipped');
  for (const [name, instead] of Object.entries(notOurs))
    if (found.treatment[name as keyof ArmTreatment] !== undefined)
      refuse(`the ${name} of an arm is not kept by any collection; end the experiment and ${instead}`);
}

function refuse(words: string): never {
  throw new StudioError('INPUT_INVALID', `arm: ${words}.`, { field: 'arm' });
}

/** The profile of the collection with what the arm did otherwise; null where it did nothing of that. */
export function shippedRanking(
  ranking: RankingProfile,
  { treatment, from }: { treatment: ArmTreatment; from: string },
): RankingProfile | null {
  const { vectorWeight, lexicalNorm, cosineNorm, titleWeight, bodyWeight } = treatment;
  const given = { vectorWeight, lexicalNorm, cosineNorm, titleWeight, bodyWeight };
  if (Object.values(given).every((value) => value === undefined)) return null;
  return { ...overrideRanking(ranking, given), fittedOn: from };
}
