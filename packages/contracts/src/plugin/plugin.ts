import type { z } from 'zod';

/** The literal of this contract. A plugin written for another one is refused, never guessed at. */
export const pluginApiVersion = 1;

export const pluginKinds = [
  'loader',
  'text-processor',
  'image-processor',
  'splitter',
  'fine-tuning-method',
  'vector-adjuster',
  'query-processor',
  'ranker',
] as const;
export type PluginKind = (typeof pluginKinds)[number];

/**
 * What a plugin needs to work. The host hands over only what is declared: an undeclared need is absent at the call.
 * `network`, `files` and `secrets` (keys in its config) are for operators to read; they are not enforced.
 */
export const pluginNeeds = [
  'text',
  'images',
  'vectors',
  'payload',
  'clicks',
  'vocabulary',
  'co-clicks',
  'network',
  'files',
  'secrets',
] as const;
export type PluginNeed = (typeof pluginNeeds)[number];

/** Lower-case words joined by dots or hyphens, e.g. `acme.stock-first`; unique over all kinds. At most 100 characters. */
export const pluginIdPattern = /^[a-z][a-z0-9]*(?:[.-][a-z0-9]+)*$/;
/** `major.minor.patch`, with an optional pre-release. */
export const pluginVersionPattern = /^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?$/;

/** What every plugin says of itself. A plugin holds no state between calls that changes its answers. */
export interface PluginBase<Kind extends PluginKind, Config> {
  apiVersion: typeof pluginApiVersion;
  kind: Kind;
  id: string;
  version: string;
  /** A few words for a list. */
  title: string;
  /** What it does, when to use it and what it costs; plain text. */
  description: string;
  /**
   * Parses untrusted config; must be an object schema that JSON Schema can express, defaults included. Values that are
   * secrets carry `.meta({ secret: true })` and are never shown again.
   */
  config: z.ZodType<Config>;
  needs: readonly PluginNeed[];
}

/** Handed to calls that may take time: aborted when the deadline has passed or the caller has gone. */
export interface PluginCall {
  signal: AbortSignal;
}

export type MaybePromise<T> = T | Promise<T>;
