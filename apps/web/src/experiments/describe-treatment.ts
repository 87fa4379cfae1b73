import type { ArmTreatment } from '@embedding-studio/contracts';

const retrievers = { hybrid: 'meaning and words', vector: 'meaning only', lexical: 'words only' } as const;

/** What an arm does otherwise than the live search, a few words each; empty: nothing. */
export function describeTreatment(treatment: ArmTreatment, nameOf: (collectionId: string) => string): string[] {
  const { collectionId, retriever, vectorWeight, lexicalNorm, cosineNorm, titleWeight, bodyWeight } = treatment;
  const { improvement, queryAdapter, rankers } = treatment;
  const given: (string | false | undefined)[] = [
    collectionId !== undefined && nameOf(collectionId),
    retriever && retrievers[retriever],
    vectorWeight !== undefined && `${Math.round(vectorWeight * 100)} % meaning`,
    lexicalNorm && `words scaled by ${lexicalNorm}`,
    cosineNorm && `meaning scaled by ${cosineNorm}`,
    titleWeight !== undefined && `title ×${titleWeight}`,
    bodyWeight !== undefined && `body ×${bodyWeight}`,
    improvement !== undefined && (improvement ? 'with what clicks taught' : 'without what clicks taught'),
    queryAdapter !== undefined && (queryAdapter ? 'with query adapter' : 'without query adapter'),
    rankers && (rankers.length === 0 ? 'no rankers' : `rankers: ${rankers.join(', ')}`),
  ];
  return given.filter((words) => typeof words === 'string');
}
