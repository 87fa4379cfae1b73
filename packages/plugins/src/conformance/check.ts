import { isDeepStrictEqual } from 'node:util';
import { StudioError } from '../spec/index.ts';

/** One guarantee of a plugin's kind; `run` throws with what was found instead. For any test runner. */
export interface ConformanceCheck {
  name: string;
  run(): Promise<void>;
}

export function check(name: string, run: () => Promise<void> | void): ConformanceCheck {
  return { name, run: async () => run() };
}

export function expectThat(holds: boolean, found: string): asserts holds {
  if (!holds) throw new StudioError('VERIFICATION_FAILED', found);
}

export function expectSame(one: unknown, other: unknown, what: string): void {
  expectThat(isDeepStrictEqual(one, other), `${what}: ${show(one)} and ${show(other)}`);
}

function show(value: unknown): string {
  return (JSON.stringify(value) ?? String(value)).slice(0, 300);
}

/** Texts that have broken text handling before. */
export const oddTexts: readonly string[] = [
  '',
  ' ',
  '\n\t \r\n',
  'a',
  'Plain words, in a sentence. And another!',
  'Übergröße naïve café — “quoted” … ½',
  '日本語のテキスト。中文文本，没有空格。',
  'مرحبا بالعالم',
  '👩‍👩‍👧‍👦 emoji 🇩🇪 and e\u0301 combining',
  'lone surrogate \ud800 here',
  'nul \u0000 byte and zero\u200bwidth',
  '<script>alert("x")</script> & { "json": [1, 2] }',
  "it's 100% 'quoted' \\ back % _ slash; DROP TABLE items; --",
  'no-spaces-'.repeat(500),
  'many words '.repeat(2_000),
];
