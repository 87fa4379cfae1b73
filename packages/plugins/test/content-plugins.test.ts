import {
  commonChecks,
  imageProcessorChecks,
  splitterChecks,
  textProcessorChecks,
} from '@embedding-studio/plugins/conformance';
import { describe, expect, test } from 'vitest';
import { crop, cutOut } from '../src/image-processors/crop.ts';
import { imageProcessors, normalise, resize } from '../src/image-processors/index.ts';
import { resample } from '../src/image-processors/resample.ts';
import type { RgbImage } from '../src/spec/index.ts';
import { createTokenWindow, sentences, splitters, wordWindow } from '../src/splitters/index.ts';
import { dictionaryToLine, stripMarkup, textProcessors } from '../src/text-processors/index.ts';

const small: Record<string, Record<string, unknown>> = {
  sentences: { sentencesMax: 1 },
  'word-window': { size: 4, overlap: 1 },
};
const samples = ['Red boots for winter. They are warm! Are they dear? No, they cost little.'];
const samplesOf: Record<string, string[]> = {
  'dictionary-to-line': ['{"b":"x \\"q\\"","a":{"c":[1,2]}}'],
  'strip-markup': ['<p class="a>b">Tom &amp; Jerry</p>'],
};
const changes = { width: 30, height: 20 };

describe('conformance', () => {
  const suites = [
    ...splitters.map((plugin) => {
      const config = small[plugin.id] ?? {};
      return { plugin, checks: [...commonChecks(plugin, config), ...splitterChecks(plugin, { config, samples })] };
    }),
    ...textProcessors.map((plugin) => {
      const own = textProcessorChecks(plugin, { config: {}, samples: samplesOf[plugin.id] ?? [] });
      return { plugin, checks: [...commonChecks(plugin, {}), ...own] };
    }),
    ...imageProcessors.map((plugin) => {
      const config = plugin.id === 'normalise' ? {} : { width: 8, height: 6 };
      return {
        plugin,
        checks: [...commonChecks(plugin, config), ...imageProcessorChecks(plugin, { config, changes })],
      };
    }),
  ];
  const all = suites.flatMap(({ plugin, checks }) => checks.map((check) => ({ ...check, of: plugin.id })));
  test.each(all)('$of: $name', ({ run }) => run());
});

describe('sentences', () => {
  const split = (text: string, config: Record<string, unknown> = {}) =>
    sentences.split(text, sentences.config.parse(config));

  test('stay whole and fill a part up to its limits', () => {
    const text = 'Dr. Who has one. It is blue! Is it big? Yes. It is 3.5 times bigger.';
    expect(split(text, { sentencesMax: 2 }).join(' ')).toBe(text);
    expect(split('One two. Three four. Five six.', { wordsMax: 4, sentencesMax: 9 })).toEqual([
      'One two. Three four.',
      'Five six.',
    ]);
  });

  test('of languages without blanks are found too, and a long one is cut between words', () => {
    expect(split('これは本です。それはペンです。', { language: 'ja', sentencesMax: 1 })).toEqual([
      'これは本です。',
      'それはペンです。',
    ]);
    expect(split('a b c d e f g.', { wordsMax: 3 })).toEqual(['a b c', 'd e f', 'g.']);
  });
});

describe('windows of tokens', () => {
  const split = (text: string, config: Record<string, unknown>, plugin = wordWindow) =>
    plugin.split(text, plugin.config.parse(config));

  test('overlap by so many tokens, cover every word, and keep signs with their words', () => {
    expect(split('(a) b, c d-e. f', { size: 3, overlap: 1 })).toEqual(['(a) b, c', 'c d-e.', 'e. f'].map(String));
    const words = Array.from({ length: 500 }, (_, n) => `w${n}`);
    const parts = split(words.join(' '), { size: 64, overlap: 8 });
    for (const [at, part] of parts.entries()) {
      expect(part.split(' ').length).toBeLessThanOrEqual(64);
      if (at > 0) expect(part.split(' ').slice(0, 8)).toEqual(parts[at - 1]?.split(' ').slice(-8));
    }
    expect(new Set(parts.flatMap((part) => part.split(' ')))).toEqual(new Set(words));
  });

  test('count as the tokenizer does that they are given', () => {
    const byLetter = createTokenWindow({ id: 'letters', title: 'Letters', countTokens: (word) => word.length });
    expect(split('aaa bb c dddddddd ee', { size: 5, overlap: 0 }, byLetter)).toEqual(['aaa bb', 'c', 'dddddddd', 'ee']);
  });

  test('long texts take time that grows with their length alone, with and without blanks and full stops', () => {
    for (const piece of ['many words ', 'これは本です', 'One more. ', 'x']) {
      const text = piece.repeat(100_000 / piece.length);
      expect(split(text, { size: 50, overlap: 5 }).length).toBeGreaterThan(0);
      const parts = sentences.split(text, sentences.config.parse({}));
      expect(parts.join('').replace(/\s/g, '').length).toBe(text.replace(/\s/g, '').length);
    }
  });

  test('an overlap that is no smaller than the window is refused', () => {
    expect(wordWindow.config.safeParse({ size: 8, overlap: 8 }).success).toBe(false);
  });
});

describe('text processors', () => {
  test('a dictionary becomes pairs by name; lists, objects and quotes cannot break them', () => {
    const line = (config: Record<string, unknown>, value: unknown) =>
      dictionaryToLine.process(JSON.stringify(value), dictionaryToLine.config.parse(config));
    const value = { b: 'x "q"\ny', a: { d: [1, 'two'], c: null }, n: 0, e: [{ f: 1 }] };
    expect(line({}, value)).toBe('a.d: "1, two" b: "x q y" e: "[{ f :1}]" n: "0"');
    expect(line({ fields: ['n', 'missing', 'b'] }, value)).toBe('n: "0" b: "x q y"');
    expect(line({}, [1])).toBe('[1]');
    expect(dictionaryToLine.process('{not json', { fields: [], nested: true })).toBe('{not json');
  });

  test('markup goes, what people read stays, in time that grows with the length alone', () => {
    const strip = (text: string) => stripMarkup.process(text, {}).replace(/\s+/g, ' ').trim();
    expect(strip('<h1>Tom &amp; Jerry</h1><!-- no --><SCRIPT>if (a < b) x()</script ><p>1 &lt; 2 &#x41;&#66;')).toBe(
      'Tom & Jerry 1 < 2 AB',
    );
    expect(strip('5 < 6 and a<b>c</b>')).toBe('5 < 6 and a c');
    expect(strip('&bogus; &#0; &#x110000;')).toBe('&bogus; &#0; &#x110000;');
    expect(strip('<script>never closed')).toBe('');
    expect(strip('<'.repeat(200_000)).length).toBe(200_000);
  });
});

describe('images', () => {
  const grey = (width: number, height: number, value: (x: number, y: number) => number): RgbImage => {
    const data = new Uint8Array(width * height * 3);
    for (let at = 0; at < data.length; at++) {
      const pixel = Math.floor(at / 3);
      data[at] = value(pixel % width, Math.floor(pixel / width)) + (at % 3);
    }
    return { width, height, data };
  };
  const reds = ({ data }: RgbImage) => [...data].filter((_, at) => at % 3 === 0);

  test('an even image stays even at every size, channels apart', () => {
    for (const size of [
      { width: 1, height: 1 },
      { width: 7, height: 31 },
      { width: 90, height: 3 },
    ]) {
      const { data } = resample(
        grey(20, 10, () => 100),
        size,
      );
      expect(new Set([...data].map((value, at) => value - (at % 3)))).toEqual(new Set([100]));
    }
  });

  test('halving averages with the triangle filter, doubling goes through the middle', () => {
    // Weights 1, 3, 3, 1 about the centre of each pair; what lies outside is left out: (0·3 + 80·3 + 160·1) / 7.
    expect(
      reds(
        resample(
          grey(4, 1, (x) => x * 80),
          { width: 2, height: 1 },
        ),
      ),
    ).toEqual([57, 183]);
    expect(
      reds(
        resample(
          grey(2, 1, (x) => x * 100),
          { width: 4, height: 1 },
        ),
      ),
    ).toEqual([0, 25, 75, 100]);
  });

  test('a row is not a column', () => {
    const wide = resample(
      grey(4, 2, (x, y) => x * 10 + y * 100),
      { width: 4, height: 1 },
    );
    expect(reds(wide)).toEqual([50, 60, 70, 80]);
  });

  test('pad keeps all of the image between black bars, cover leaves none', () => {
    const image = grey(40, 20, () => 200);
    const padded = resize.process(image, { width: 8, height: 8, mode: 'pad' });
    expect(
      reds(padded)
        .slice(0, 16)
        .every((value) => value === 0),
    ).toBe(true);
    expect(
      reds(padded)
        .slice(16, 48)
        .every((value) => value === 200),
    ).toBe(true);
    expect(reds(resize.process(image, { width: 8, height: 8, mode: 'cover' })).every((value) => value === 200)).toBe(
      true,
    );
  });

  test('a crop is the middle, and black beside an image that is smaller', () => {
    const image = grey(5, 5, (x, y) => x * 10 + y);
    expect(reds(crop.process(image, { width: 3, height: 1 }))).toEqual([12, 22, 32]);
    expect(
      reds(
        cutOut(
          grey(1, 1, () => 9),
          { width: 3, height: 3 },
        ),
      ),
    ).toEqual([0, 0, 0, 0, 9, 0, 0, 0, 0]);
    expect(
      reds(
        cutOut(
          grey(1, 3, (_x, y) => y + 1),
          { width: 3, height: 1 },
        ),
      ),
    ).toEqual([0, 2, 0]);
  });

  test('normalising gives floats by channel', () => {
    const image: RgbImage = { width: 1, height: 1, data: Uint8Array.from([255, 0, 51]) };
    const { data } = normalise.process(image, { mean: [0.5, 0.5, 0.2], std: [0.5, 0.25, 1] });
    expect([...data].map((value) => Number(value.toFixed(5)))).toEqual([1, -2, 0]);
    expect(data).toBeInstanceOf(Float32Array);
  });
});
