import { z } from 'zod';
import { defineTextProcessor } from '../spec/index.ts';

const Config = z.strictObject({});
type Config = z.infer<typeof Config>;

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };
/** Their content is no text. */
const silent = new Set(['script', 'style', 'template', 'noscript']);

/** `<p>Tom &amp; Jerry</p>` → `Tom & Jerry`. */
export const stripMarkup = defineTextProcessor<Config>({
  apiVersion: 1,
  kind: 'text-processor',
  id: 'strip-markup',
  version: '1.0.0',
  title: 'Strip markup',
  description:
    'Takes HTML tags, comments, scripts and styles out of a text and decodes common entities, so that only what people read is embedded. For embedding only: it makes no text safe to show.',
  config: Config,
  needs: ['text'],
  process: (text) => decode(dropTags(text)),
});

/** One pass over the text: its time grows with the length alone. */
function dropTags(text: string): string {
  const pieces: string[] = [];
  let at = 0;
  for (let open = text.indexOf('<'); open >= 0; open = text.indexOf('<', at)) {
    const close = endOfTag(text, open);
    if (close === null) {
      // A sign that opens no tag is text.
      pieces.push(text.slice(at, open + 1));
      at = open + 1;
    } else {
      pieces.push(text.slice(at, open), ' ');
      at = afterSilent(text, { open, close });
    }
  }
  return [...pieces, text.slice(at)].join('');
}

/** Place after the `>` of the tag or comment that begins there; null when none does. */
function endOfTag(text: string, open: number): number | null {
  if (text.startsWith('<!--', open)) {
    const end = text.indexOf('-->', open + 4);
    return end < 0 ? text.length : end + 3;
  }
  if (!/[a-z/!?]/i.test(text[open + 1] ?? '')) return null;
  const end = text.indexOf('>', open);
  return end < 0 ? text.length : end + 1;
}

function afterSilent(text: string, { open, close }: { open: number; close: number }): number {
  const name = /^<([a-z]+)/i.exec(text.slice(open, open + 12))?.[1]?.toLowerCase() ?? '';
  if (!silent.has(name)) return close;
  const closing = new RegExp(`</${name}[^>]*>`, 'gi');
  closing.lastIndex = close;
  return closing.test(text) ? closing.lastIndex : text.length;
}

function decode(text: string): string {
  return text.replace(/&(#x[0-9a-f]{1,6}|#[0-9]{1,7}|[a-z]{2,6});/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return entities[name.toLowerCase()] ?? whole;
    const code = name[1]?.toLowerCase() === 'x' ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
