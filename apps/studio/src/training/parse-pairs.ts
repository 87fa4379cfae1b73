import { StudioError } from '@embedding-studio/contracts';

/** `learningRate=1e-4 trainable.kind=lora` → { learningRate: 0.0001, trainable: { kind: 'lora' } }. */
export function parsePairs(pairs: readonly string[], option = '--settings'): Record<string, unknown> {
  const settings: Record<string, unknown> = {};
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    const path = pair.slice(0, at).trim();
    if (at < 1 || path === '')
      throw new StudioError('INPUT_INVALID', `${option} takes key=value, not "${pair}".`, { field: 'settings' });
    put(settings, path.split('.'), parseValue(pair.slice(at + 1).trim()));
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

function parseValue(text: string): unknown {
  if (text === 'none' || text === 'null') return null;
  if (text === 'true' || text === 'false') return text === 'true';
  const number = Number(text);
  return text !== '' && Number.isFinite(number) ? number : text;
}
