import type { ItemInput, ItemRecord } from '@embedding-studio/contracts';
import { sha256 } from '../content-hash.ts';

export interface ComposeSettings {
  partWordsMax: number;
  partsMax: number;
}

/** How the text of an item becomes parts, in place of cutting it by words. */
export interface PartMaker {
  process?: (text: string) => string;
  split?: (text: string) => string[];
}

const metadataLengthMax = 80;
const metadataArrayMax = 4;

/** What is searched by words and what is embedded, of a picture that is stored. Pure: the same input always has the same hash. */
export function composeItem(input: ItemInput, settings: ComposeSettings, maker: PartMaker = {}): ItemRecord {
  const title = tidy(input.title);
  const text = tidy(input.text);
  const body = [text, ...listWords(input.payload)].filter((piece) => piece !== '').join(' ');
  const metadata = firstWords(listMetadata(input.payload).join(', '), settings.partWordsMax);
  const chunks = cutText(
    input.text,
    { ...settings, firstWordsMax: settings.partWordsMax - countWords(metadata) },
    maker,
  );
  const texts = composeTexts({ title, chunks, metadata });
  const image = input.image?.sha256;
  const parts = texts.length === 0 && image === undefined ? [input.id] : texts;
  const contentHash = sha256(JSON.stringify([title, body, parts, ...(image === undefined ? [] : [image])]));
  return { id: input.id, title, body, payload: input.payload, contentHash, parts, ...(image && { image }) };
}

const firstWords = (text: string, count: number) => text.split(' ').slice(0, count).join(' ').replace(/,$/, '');
const countWords = (text: string) => (text === '' ? 0 : text.split(' ').length);

interface CutSettings extends ComposeSettings {
  /** The first part has so much room left beside the item's metadata. */
  firstWordsMax: number;
}

function cutText(text: string, settings: CutSettings, { process, split }: PartMaker): string[] {
  const processed = process === undefined ? text : process(text);
  if (split === undefined) return chunkWords(tidy(processed), settings);
  const chunks = split(processed).map(tidy);
  return chunks.filter((chunk) => chunk !== '').slice(0, settings.partsMax);
}

function composeTexts(item: { title: string; chunks: string[]; metadata: string }): string[] {
  const [firstChunk = '', ...chunks] = item.chunks;
  const first = [item.title, item.metadata, firstChunk].filter((piece) => piece !== '').join('. ');
  const later = chunks.map((chunk) => (item.title === '' ? chunk : `${item.title}. ${chunk}`));
  return first === '' ? later : [first, ...later];
}

function chunkWords(text: string, { partWordsMax, partsMax, firstWordsMax }: CutSettings): string[] {
  const words = text === '' ? [] : text.split(' ');
  const chunks: string[] = [];
  for (let start = 0; start < words.length && chunks.length < partsMax; ) {
    const end = start + (chunks.length === 0 ? firstWordsMax : partWordsMax);
    chunks.push(words.slice(start, end).join(' '));
    start = end;
  }
  return chunks;
}

/** Strings and numbers of the payload, arrays of them, and the same one level down. */
function listWords(payload: Record<string, unknown>, depth = 0): string[] {
  return Object.values(payload).flatMap((value) => {
    if (Array.isArray(value)) return value.flatMap(wordsOf);
    if (typeof value === 'object' && value !== null)
      return depth === 0 ? listWords(value as Record<string, unknown>, 1) : [];
    return wordsOf(value);
  });
}

function wordsOf(value: unknown): string[] {
  if (typeof value === 'number' && Number.isFinite(value)) return [String(value)];
  return typeof value === 'string' && value !== '' ? [tidy(value)] : [];
}

function listMetadata(payload: Record<string, unknown>): string[] {
  return Object.values(payload)
    .flatMap((value) => (Array.isArray(value) ? value.slice(0, metadataArrayMax) : [value]))
    .filter((value) => typeof value === 'string')
    .map(tidy)
    .filter((value) => value !== '' && value.length <= metadataLengthMax && !/^https?:\/\//.test(value));
}

/** Control characters and runs of white space become one blank. */
function tidy(text: string): string {
  return text.replace(/[\p{Cc}\s]+/gu, ' ').trim();
}
