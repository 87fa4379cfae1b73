import { type SessionWithEvents, type SliceDimension, sliceDimensions } from '@embedding-studio/contracts';

const valueCharsMax = 64;
const armsMax = 5;

export function sliceKey(dimension: SliceDimension, value: string): string {
  return `${dimension}:${value}`;
}

/** How an arm is named as a slice. */
export function armSlice({ experimentId, arm }: { experimentId: string; arm: string }): string {
  return sliceKey('arm', `${experimentId}/${arm}`);
}

export function splitSlice(slice: string): { dimension: string; value: string } {
  const at = slice.indexOf(':');
  return { dimension: slice.slice(0, at), value: slice.slice(at + 1) };
}

/** By words and meaning, unless the search says otherwise. */
function answerOf(searchMeta: SessionWithEvents['searchMeta']): string | undefined {
  const degraded = searchMeta?.degraded;
  return Array.isArray(degraded) && degraded.includes('lexical_only') ? 'words' : undefined;
}

/** What a session is counted by beside its traits; what is no text, or empty, is nothing. */
export function slicesOf({
  searchMeta,
  experiments = [],
}: Pick<SessionWithEvents, 'searchMeta' | 'experiments'>): string[] {
  const arms = experiments.slice(0, armsMax).map(armSlice);
  const said = sliceDimensions.flatMap((dimension) => {
    const value =
      dimension === 'answer' ? answerOf(searchMeta) : dimension === 'arm' ? undefined : searchMeta?.[dimension];
    const text = typeof value === 'string' ? value.trim().slice(0, valueCharsMax) : '';
    return text === '' ? [] : [sliceKey(dimension, text)];
  });
  return [...new Set([...arms, ...said])].sort();
}
