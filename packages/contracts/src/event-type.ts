/** What an event says about its item. `unknown`: stored and shown, but nothing is learned from it. */
export type EventMeaning = 'wanted' | 'seen' | 'rejected' | 'unknown';

/**
 * Event types (lower case) with the weight of a wanting one: 0–5, a click is 1. Names of UBI 1.3 (`click_through`,
 * `view`, `watch`, `purchase`, `impression`) and short forms stand beside ours.
 */
export const eventWeights: Readonly<Record<string, number>> = {
  click: 1,
  click_through: 1,
  view: 1,
  watch: 1,
  dwell: 1,
  add_to_cart: 3,
  cart: 3,
  save: 3,
  like: 3,
  conversion: 5,
  purchase: 5,
};

const seen = new Set(['seen', 'impression']);
const rejected = new Set(['dislike', 'hide']);

export function meaningOf(type: string): EventMeaning {
  const name = type.toLowerCase();
  if (Object.hasOwn(eventWeights, name)) return 'wanted';
  if (seen.has(name)) return 'seen';
  return rejected.has(name) ? 'rejected' : 'unknown';
}
