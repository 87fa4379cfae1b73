/** Words with what stands between them, in order; joined they are the text. */
export interface TextSegment {
  text: string;
  isWord: boolean;
}

/** Intl.Segmenter takes time that grows with the square of the text: it only ever sees so much. */
const sliceChars = 1_000;
const word = /[\p{L}\p{M}\p{N}]+(?:['’][\p{L}\p{M}]+)*/gu;
/** Scripts that set no blanks between words. */
const unspaced = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}\p{sc=Tibt}]/u;

const segmenters = new Map<string, Intl.Segmenter>();

function segmenterOf(language: string, granularity: 'word' | 'sentence'): Intl.Segmenter {
  const key = `${granularity} ${language}`;
  const known = segmenters.get(key) ?? new Intl.Segmenter(language, { granularity });
  segmenters.set(key, known);
  return known;
}

export function listSentences(text: string, language: string): string[] {
  const segmenter = segmenterOf(language, 'sentence');
  const sentences: string[] = [];
  for (let at = 0; at < text.length; ) {
    const slice = text.slice(at, at + sliceChars);
    const found = [...segmenter.segment(slice)].map(({ segment }) => segment);
    // The last one may go on behind the slice; one that fills it ends between words.
    const isCut = at + slice.length < text.length;
    if (isCut && found.length > 1) found.pop();
    else if (isCut) found[0] = slice.slice(0, Math.max(0, slice.search(/\s\S*$/u)) || slice.length);
    for (const sentence of found) at += sentence.length;
    sentences.push(...found.map((sentence) => sentence.trim()).filter((sentence) => sentence !== ''));
  }
  return sentences;
}

/** By the rules of Unicode, so that languages without blanks have words too. */
export function listSegments(text: string, language: string): TextSegment[] {
  const segments: TextSegment[] = [];
  let at = 0;
  for (const match of text.matchAll(word)) {
    if (match.index > at) segments.push({ text: text.slice(at, match.index), isWord: false });
    const [run] = match;
    at = match.index + run.length;
    if (unspaced.test(run)) segments.push(...cutRun(run, language));
    else segments.push({ text: run, isWord: true });
  }
  if (at < text.length) segments.push({ text: text.slice(at), isWord: false });
  return segments;
}

function cutRun(run: string, language: string): TextSegment[] {
  const segments: TextSegment[] = [];
  for (let at = 0; at < run.length; at += sliceChars)
    for (const { segment, isWordLike } of segmenterOf(language, 'word').segment(run.slice(at, at + sliceChars)))
      segments.push({ text: segment, isWord: isWordLike === true });
  return segments;
}

export function countWords(text: string, language: string): number {
  return listSegments(text, language).filter(({ isWord }) => isWord).length;
}

/** Whether a language tag can be used. */
export function isLanguage(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}
