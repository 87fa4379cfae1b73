import type { SessionWithEvents } from '@embedding-studio/contracts';
import {
  composeSuggestion,
  editDistance,
  nearestBeginning,
  phraseKey,
  planCorrections,
  planPrefixes,
  readTyped,
  weighSession,
  wordSignatures,
} from '@embedding-studio/ml/suggestion';
import { describe, expect, test } from 'vitest';

/** The suggestion for the reading of `text` that passes over `skipped` tokens. */
function compose(text: string, phrase: string, skipped = 0) {
  const typed = readTyped(text);
  const plan = planPrefixes(typed)[skipped] ?? { prefix: '', skipped: 0, whole: 0, isCorrected: false };
  return composeSuggestion({ typed, plan, phrase });
}

describe('keys', () => {
  test('do not depend on case, spacing or how a character is encoded', () => {
    expect(phraseKey('  Wi-Fi\tRouter ')).toBe('wi - fi router');
    expect(phraseKey('ﬁlm')).toBe(phraseKey('FILM'));
    expect(phraseKey('C++')).not.toBe(phraseKey('C'));
    expect(phraseKey(' \n')).toBe('');
  });
});

describe('readings of what is typed', () => {
  test('go from all of it to its last word, which is open until white space follows', () => {
    expect(planPrefixes(readTyped('Red shoes siz')).map(({ prefix }) => prefix)).toEqual([
      'red shoes siz',
      'shoes siz',
      'siz',
    ]);
    expect(planPrefixes(readTyped('hello ')).map(({ prefix }) => prefix)).toEqual(['hello ']);
    expect(planPrefixes(readTyped('  '))).toEqual([]);
  });

  test('keep the last twenty tokens of a long text', () => {
    const plans = planPrefixes(readTyped(Array.from({ length: 30 }, (_, index) => `w${index}`).join(' ')));
    expect(plans).toHaveLength(20);
    expect(plans[0]?.prefix.startsWith('w10 ')).toBe(true);
  });
});

describe('suggestions', () => {
  test('prefix and postfix are the phrase, and replace the span that they continue', () => {
    const cases = [
      { typed: 'hel', phrase: 'hello world', skipped: 0, parts: ['hello', ' world'], span: [0, 3] },
      { typed: 'hello ', phrase: 'hello world', skipped: 0, parts: ['hello', ' world'], span: [0, 5] },
      { typed: 'hello wor', phrase: 'hello world peace', skipped: 0, parts: ['hello', ' world peace'], span: [0, 9] },
      { typed: 'red shoes siz', phrase: 'shoes size 42', skipped: 1, parts: ['shoes', ' size 42'], span: [4, 13] },
      { typed: '', phrase: 'hello world', skipped: 0, parts: ['', 'hello world'], span: [0, 0] },
    ];
    for (const { typed, phrase, skipped, parts, span } of cases) {
      const made = compose(typed, phrase, skipped);
      expect([made.prefix, made.postfix]).toEqual(parts);
      expect([made.span.start, made.span.end]).toEqual(span);
    }
  });

  test('the phrase is written as its author wrote it', () => {
    const made = compose('wi-fi rou', 'Wi-Fi Router');
    expect(made.prefix + made.postfix).toBe('Wi-Fi Router');
    expect(made.prefix).toBe('Wi-Fi');
  });

  test('say how they match', () => {
    expect(compose('hello', 'hello world').matchType).toBe('exact');
    expect(compose('hell', 'hello world').matchType).toBe('prefix');
    expect(compose('red hell', 'hello world', 1).covered).toBe(0.5);
  });
});

describe('slips', () => {
  test('a swap, a wrong, a missing and a doubled letter are one edit each', () => {
    for (const slip of ['hlelo', 'hallo', 'helo', 'helllo']) expect(editDistance(slip, 'hello')).toBe(1);
    expect(editDistance('olleh', 'hello')).toBeGreaterThan(1);
  });

  test('an unfinished word is compared with beginnings', () => {
    expect(nearestBeginning('bleu', 'bluetooth')).toEqual({ beginning: 'blue', distance: 1 });
    expect(nearestBeginning('bluet', 'bluetooth')).toEqual({ beginning: 'bluet', distance: 0 });
    expect(nearestBeginning('shoez', 'shoes')).toEqual({ beginning: 'shoes', distance: 1 });
  });

  test('two words one edit apart share a signature', () => {
    const ofWord = (word: string) =>
      new Set(
        Array.from({ length: 9 }, (_, index) => [...word].slice(0, index + 1).join('')).flatMap((beginning) => [
          beginning,
          ...[...beginning].map((_each, at) => beginning.slice(0, at) + beginning.slice(at + 1)),
        ]),
      );
    for (const [slip, word] of [
      ['hlelo', 'hello'],
      ['xbluetoothspeaker', 'bluetoothspeaker'],
      ['luetoothspeaker', 'bluetoothspeaker'],
      ['headphnoes', 'headphones'],
    ] as const)
      expect(wordSignatures(slip).some((signature) => ofWord(word).has(signature))).toBe(true);
  });

  test('are undone in any word, and never in words of three letters or fewer', () => {
    const known = new Map([
      ['helo', ['hello', 'help']],
      ['wrold', ['world']],
      ['teh', ['the']],
    ]);
    const prefixes = (text: string) => planCorrections(readTyped(text), known).map(({ prefix }) => prefix);
    expect(prefixes('helo wor')).toContain('hello wor');
    expect(prefixes('helo wrold')).toContain('hello world');
    expect(prefixes('teh')).toEqual([]);
    expect(planCorrections(readTyped('helo wor'), known).every(({ isCorrected }) => isCorrected)).toBe(true);
  });

  test('a reading that passes over the corrected word is not a correction', () => {
    const known = new Map([['helo', ['hello']]]);
    expect(planCorrections(readTyped('helo wor'), known).map(({ skipped }) => skipped)).toEqual([0]);
  });
});

describe('what a session says about its query', () => {
  const at = new Date('2026-06-01T00:00:00Z');
  const base: SessionWithEvents = {
    ...{ sessionId: 's', query: 'Red Boots', shown: [{ itemId: 'a' }, { itemId: 'b' }], createdAt: at },
    ...{ isIrrelevant: false, batchId: 'b', sessionNumber: 1, events: [] },
  };
  const click = (meta?: Record<string, unknown>) => ({
    ...{ sessionId: 's', eventId: 'e', itemId: 'a', type: 'click', createdAt: at, receivedAt: at, meta },
  });

  test('clicks satisfy, long stays more than quick returns', () => {
    const satisfied = (dwellSeconds: number) =>
      weighSession({ ...base, events: [click({ dwellSeconds })] })?.satisfied ?? 0;
    expect(satisfied(120)).toBeGreaterThan(0.9);
    expect(satisfied(2)).toBeLessThan(0.2);
    expect(weighSession(base)).toEqual({ key: 'red boots', hadResults: true, satisfied: 0 });
  });

  test('an empty list, an irrelevant mark and no click satisfy nobody', () => {
    expect(weighSession({ ...base, shown: [] })).toEqual({ key: 'red boots', hadResults: false, satisfied: 0 });
    expect(weighSession({ ...base, isIrrelevant: true, events: [click()] })?.satisfied).toBe(0);
  });

  test('robots and later pages say nothing', () => {
    const shown = Array.from({ length: 6 }, (_, index) => ({ itemId: `i${index}` }));
    const events = shown.map(({ itemId }, index) => ({ ...click(), itemId, eventId: `e${index}` }));
    expect(weighSession({ ...base, shown, events })).toBeNull();
    expect(weighSession({ ...base, shown: [], searchMeta: { offset: 20 } })).toBeNull();
    expect(weighSession({ ...base, query: ' ? ' })).toBeNull();
  });
});
