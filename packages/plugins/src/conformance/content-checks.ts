import type { ImageProcessor, RgbImage, Splitter, TextProcessor } from '../spec/index.ts';
import { type ConformanceCheck, check, expectSame, expectThat, oddTexts } from './check.ts';

/** Guarantees of a text processor; `samples` are texts that it is made for. */
export function textProcessorChecks(
  plugin: TextProcessor,
  fixture: { config: Record<string, unknown>; samples: readonly string[] },
): ConformanceCheck[] {
  const config = plugin.config.parse(fixture.config);
  const texts = [...oddTexts, ...fixture.samples];
  return [
    check('any text gives a text', () => {
      for (const text of texts)
        expectThat(typeof plugin.process(text, config) === 'string', `no text for ${text.slice(0, 50)}`);
    }),
    check('equal text gives equal text', () => {
      for (const text of texts) expectSame(plugin.process(text, config), plugin.process(text, config), 'two calls');
    }),
    check('it changes some text', () =>
      expectThat(
        texts.some((text) => plugin.process(text, config) !== text),
        'no sample was changed',
      ),
    ),
  ];
}

/** Guarantees of a splitter; `samples` are texts that it cuts into more than one part. */
export function splitterChecks(
  plugin: Splitter,
  fixture: { config: Record<string, unknown>; samples: readonly string[] },
): ConformanceCheck[] {
  const config = plugin.config.parse(fixture.config);
  const texts = [...oddTexts, ...fixture.samples];
  return [
    check('parts are trimmed and none is empty', () => {
      for (const part of texts.flatMap((text) => plugin.split(text, config)))
        expectThat(part === part.trim() && part.length > 0, `a part is ${JSON.stringify(part.slice(0, 50))}`);
    }),
    check('a text without words has no parts', () => {
      for (const text of ['', ' ', '\n\t \r\n']) expectSame(plugin.split(text, config), [], 'parts of nothing');
    }),
    check('equal text gives equal parts', () => {
      for (const text of texts) expectSame(plugin.split(text, config), plugin.split(text, config), 'two calls');
    }),
    check('it cuts what it is made for', () => {
      for (const text of fixture.samples)
        expectThat(plugin.split(text, config).length > 1, `one part for ${text.slice(0, 50)}`);
    }),
  ];
}

/** Guarantees of an image processor. `changes`: the size of an image that it must not leave as it is. */
export function imageProcessorChecks(
  plugin: ImageProcessor,
  fixture: { config: Record<string, unknown>; changes: { width: number; height: number } },
): ConformanceCheck[] {
  const config = plugin.config.parse(fixture.config);
  const sizes = [{ width: 1, height: 1 }, { width: 40, height: 3 }, { width: 3, height: 40 }, fixture.changes];
  // Painted anew for each check: one that is changed must not hide in the next.
  const paintAll = () => sizes.flatMap((size) => [paint(size, 'bytes'), paint(size, 'floats')]);
  return [
    check('an image comes out whole', () => {
      for (const image of paintAll()) {
        const { width, height, data } = plugin.process(image, config);
        const isWhole = Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0;
        expectThat(isWhole && data.length === width * height * 3, `${width}×${height} with ${data.length} values`);
        expectThat(data.every(Number.isFinite), 'a value is not finite');
      }
    }),
    check('the image that was given stays as it was', () => {
      for (const image of paintAll()) {
        const before = { ...image, data: image.data.slice() };
        plugin.process(image, config);
        expectSame(image, before, 'the input was changed');
      }
    }),
    check('equal images give equal images', () => {
      for (const image of paintAll())
        expectSame(plugin.process(image, config), plugin.process(image, config), 'two calls');
    }),
    check('it changes an image that it is made for', () => {
      const image = paint(fixture.changes, 'bytes');
      const made = plugin.process(image, config);
      const isSame = made.width === image.width && made.height === image.height && sameValues(made, image);
      expectThat(!isSame, 'the image came back unchanged');
    }),
  ];
}

function sameValues(one: RgbImage, other: RgbImage): boolean {
  return one.data.every((value, at) => value === other.data[at]);
}

/** A picture without symmetry, so that a swapped axis or channel shows. */
function paint({ width, height }: { width: number; height: number }, values: 'bytes' | 'floats'): RgbImage {
  const length = width * height * 3;
  const data = values === 'bytes' ? new Uint8Array(length) : new Float32Array(length);
  for (let at = 0; at < length; at++)
    data[at] = values === 'bytes' ? (at * 37 + 11) % 256 : ((at * 37 + 11) % 256) / 255;
  return { width, height, data };
}
