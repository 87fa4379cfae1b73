import type { PluginBase } from './plugin.ts';

/** Turns one text into another before it is split and embedded. Pure: equal input gives equal output. */
export interface TextProcessor<Config = unknown> extends PluginBase<'text-processor', Config> {
  process(text: string, config: Config): string;
}

/**
 * Cuts a text into parts that are embedded one by one, in reading order. Pure. Parts are trimmed and never empty;
 * a text without any words gives none.
 */
export interface Splitter<Config = unknown> extends PluginBase<'splitter', Config> {
  split(text: string, config: Config): string[];
}

/**
 * Raw image: three values per pixel (red, green, blue), rows top to bottom, no padding: `data.length` is
 * `width · height · 3`. Bytes 0–255, or floats once a processor has normalised them.
 */
export interface RgbImage {
  width: number;
  height: number;
  data: Uint8Array | Float32Array;
}

/** Turns one image into another before it is embedded. Pure; never changes the image it was given. */
export interface ImageProcessor<Config = unknown> extends PluginBase<'image-processor', Config> {
  process(image: RgbImage, config: Config): RgbImage;
}
