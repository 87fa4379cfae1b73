import { StudioError } from '@embedding-studio/contracts';

const quote = 34;
const backslash = 92;
const opening = new Set([91, 123]);
const closing = new Set([93, 125]);

/** INPUT_INVALID when arrays and objects of a JSON text lie more than `depthMax` deep. Reads the text once, parses nothing. */
export function checkJsonDepth(text: string, depthMax: number): void {
  let depth = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === quote) index = endOfString(text, index);
    else if (closing.has(code)) depth--;
    else if (opening.has(code) && ++depth > depthMax) throw tooDeep(text, depthMax);
  }
}

function endOfString(text: string, start: number): number {
  let index = start + 1;
  while (index < text.length && text.charCodeAt(index) !== quote) index += text.charCodeAt(index) === backslash ? 2 : 1;
  return index;
}

function tooDeep(text: string, depthMax: number): StudioError {
  const field = outermostField(text, depthMax);
  return new StudioError('INPUT_INVALID', `${field}: values may lie at most ${depthMax} levels deep.`, { field });
}

/** Name of the top-level field that goes too deep; `body` where there is none. */
function outermostField(text: string, depthMax: number): string {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body !== 'object' || body === null || Array.isArray(body)) return 'body';
    return Object.entries(body).find(([, value]) => isDeeper(value, depthMax - 1))?.[0] ?? 'body';
  } catch {
    return 'body';
  }
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels <= 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1));
}
