import { z } from 'zod';

/**
 * What a session says about an item that it showed. `clicked`: wanted. `skipped`: looked at and passed over. `rejected`:
 * the user said no to it. `unobserved`: nothing tells whether anybody looked, so it is no negative. `mined`: nobody was shown
 * it; added as a negative because the base model finds it near.
 */
export const trainingLabels = ['clicked', 'skipped', 'unobserved', 'rejected', 'mined'] as const;
export type TrainingLabel = (typeof trainingLabels)[number];

/**
 * Why a row carries its label. Clicked: `click`, `last_click` (the last wanting event of the session), `quick_back`.
 * Skipped: `above_click`, `next_below` (right below the lowest click), `seen` (reported as on screen), `whole_list` (order
 * random or unknown), `no_click_top3` (nobody clicked, and the user asked again). Rejected: `said_no` (an event), `list_marked`
 * (the list was marked as irrelevant), `wanted_elsewhere` (so marked, but clicked for the same query). Unobserved:
 * `not_examined`. Mined: `hard_negative`.
 */
export const trainingReasons = [
  'click',
  'last_click',
  'quick_back',
  'above_click',
  'next_below',
  'seen',
  'whole_list',
  'no_click_top3',
  'said_no',
  'list_marked',
  'wanted_elsewhere',
  'not_examined',
  'hard_negative',
] as const;
export type TrainingReason = (typeof trainingReasons)[number];

/** One shown item of one session, as it is labelled for training. */
export const LabelledImpression = z.object({
  sessionId: z.string(),
  /** As it was typed. */
  query: z.string(),
  itemId: z.string(),
  /** Place in the whole list, from 1; null where the order is not known. */
  position: z.number().int().nullable(),
  order: z.enum(['ranked', 'random', 'unknown']),
  label: z.enum(trainingLabels),
  /** What the row counts for. A click: its satisfaction × clipped 1/θ; a negative: 1; what says nothing: 0. */
  weight: z.number(),
  /** Of a click, 0 … 5: event weight × how long the user stayed; null for what was not clicked. */
  satisfaction: z.number().nullable(),
  /** θ of the position where clicks were corrected by it, else null. */
  propensity: z.number().nullable(),
  why: z.enum(trainingReasons),
  /** Type of the event that decides: of a click or of a no. */
  event: z.string().nullable(),
  /** How long the user stayed, where it is known. */
  dwellSeconds: z.number().nullable(),
});
export type LabelledImpression = z.infer<typeof LabelledImpression>;

/** A labelled impression as it was frozen with a training. */
export const TrainingRow = LabelledImpression.extend({
  /** Of the normalised query: the same in every training set. */
  queryId: z.string(),
  /** false: shown here for the record; the trainer was not given it. */
  isUsed: z.boolean(),
});
export type TrainingRow = z.infer<typeof TrainingRow>;

/** Kept beside the rows: what is in them, and where. */
export const TrainingSetSummary = z.object({
  formatVersion: z.literal(1),
  /** SHA-256 (hex) of the rows as JSON lines, before compression. */
  hash: z.string(),
  /** SHA-256 (hex) of the item texts that were trained on. */
  textsHash: z.string(),
  rows: z.number().int(),
  /** Rows that the trainer was given. */
  rowsUsed: z.number().int(),
  sessions: z.number().int(),
  queries: z.number().int(),
  items: z.number().int(),
  /** Rows by label and, within it, by reason. */
  labels: z.partialRecord(z.enum(trainingLabels), z.partialRecord(z.enum(trainingReasons), z.number().int())),
  /** (Σw)² / Σw² of the clicks that were trained on: how many equally weighted ones they are worth, with and without θ. */
  effectivePairs: z.object({ weighed: z.number(), satisfaction: z.number() }),
  /** Sessions that gave the trainer no query, by reason. */
  dropped: z.record(z.string(), z.number().int()),
  /** Gzip members of the file, each a whole number of lines: where it starts, how long it is, how many rows it holds. */
  parts: z.array(z.object({ offset: z.number().int(), bytes: z.number().int(), rows: z.number().int() })),
});
export type TrainingSetSummary = z.infer<typeof TrainingSetSummary>;
