import type { ArmTreatment, RankingProfile } from '@embedding-studio/contracts';

/** What may be weighed otherwise than the collection does; absent: as it has it. */
export type RankingOverrides = Pick<
  ArmTreatment,
  'vectorWeight' | 'lexicalNorm' | 'cosineNorm' | 'titleWeight' | 'bodyWeight'
>;

export function overrideRanking(ranking: RankingProfile, overrides: RankingOverrides): RankingProfile {
  const { vectorWeight, lexicalNorm, cosineNorm, titleWeight, bodyWeight } = overrides;
  return {
    ...ranking,
    vectorWeight: vectorWeight ?? ranking.vectorWeight,
    lexicalNorm: lexicalNorm ?? ranking.lexicalNorm,
    cosineNorm: cosineNorm ?? ranking.cosineNorm,
    lexical: {
      ...ranking.lexical,
      titleWeight: titleWeight ?? ranking.lexical.titleWeight,
      bodyWeight: bodyWeight ?? ranking.lexical.bodyWeight,
    },
  };
}
