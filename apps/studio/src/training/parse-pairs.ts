import { SettingRange, StudioError } from '@embedding-studio/contracts';

/** `learningRate=1e-4 trainable.kind=lora tiers=T1,T2` → { learningRate: 0.0001, trainable: { kind: 'lora' }, tiers: ['T1', 'T2'] }; `T1,` is a list of one. */
export function parsePairs(pairs: readonly string[], option = '--settings'): Record<string, unknown> {
  const settings: Record<string, unknown> = {};
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    const path = pair.slice(0, at).trim();
    if (at < 1 || path === '')
      throw new StudioError('INPUT_INVALID', `${option} takes key=value, not "${pair}".`, { field: 'settings' });
    put(settings, path.split('.'), parseValues(pair.slice(at + 1).trim()));
  }
  return settings;
}

function put(target: Record<string, unknown>, [key = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    target[key] = value;
    return;
  }
  const inner = target[key];
  const next = typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>) : {};
  target[key] = next;
  put(next, rest, value);
}

function parseValues(text: string): unknown {
  if (!text.includes(',')) return parseValue(text);
  return text.split(',').flatMap((part) => (part.trim() === '' ? [] : [parseValue(part.trim())]));
}

function parseValue(text: string): unknown {
  if (text === 'none' || text === 'null') return null;
  if (text === 'true' || text === 'false') return text === 'true';
  const number = Number(text);
  return text !== '' && Number.isFinite(number) ? number : text;
}

/** `learningRate=1e-6..1e-3:log` or `batchQueries=8,16,32` → ranges of a search. */
export function parseRanges(texts: readonly string[]): Record<string, SettingRange> {
  const ranges: Record<string, SettingRange> = {};
  for (const text of texts) {
    const at = text.indexOf('=');
    const parsed = at < 1 ? null : SettingRange.safeParse(readRange(text.slice(at + 1)));
    if (!parsed?.success)
      throw new StudioError(
        'INPUT_INVALID',
        `--range takes key=from..to, with :log or :whole, or key=a,b,c; not "${text}".`,
        {
          field: 'range',
        },
      );
    ranges[text.slice(0, at)] = parsed.data;
  }
  return ranges;
}

function readRange(text: string): unknown {
  const [ends = '', ...words] = text.split(':');
  const [from = '', to, ...more] = ends.split('..');
  if (to === undefined) return words.length > 0 || ends === '' ? null : { values: ends.split(',').map(parseValue) };
  const isKnown = words.every((word) => word === 'log' || word === 'whole') && more.length === 0;
  if (!isKnown || from === '' || to === '') return null;
  return {
    ...{ from: Number(from), to: Number(to), isWhole: words.includes('whole') },
    scale: words.includes('log') ? 'log' : 'linear',
  };
}
