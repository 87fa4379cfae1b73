interface Seen {
  itemId: string;
  isClicked: boolean;
}

/** Draws of an item that the rate of all items is worth. */
const strength = 10;
const folds = 2;

/**
 * The click rate expected of an item, by the draws of the other half: an expectation that had seen the click it is
 * compared with would vouch for itself. An item that the half has not seen is expected to be like all.
 */
export function expectRewards(seen: readonly Seen[]): (itemId: string, at: number) => number {
  const halves = Array.from({ length: folds }, (_, fold) => countRewards(seen.filter((__, at) => at % folds !== fold)));
  return (itemId, at) => halves[at % folds]?.(itemId) ?? 0;
}

function countRewards(seen: readonly Seen[]): (itemId: string) => number {
  const counts = new Map<string, { shown: number; clicks: number }>();
  let clicks = 0;
  for (const { itemId, isClicked } of seen) {
    const count = counts.get(itemId) ?? { shown: 0, clicks: 0 };
    counts.set(itemId, { shown: count.shown + 1, clicks: count.clicks + Number(isClicked) });
    clicks += Number(isClicked);
  }
  const mean = seen.length === 0 ? 0 : clicks / seen.length;
  return (itemId) => {
    const { shown, clicks: own } = counts.get(itemId) ?? { shown: 0, clicks: 0 };
    return (own + strength * mean) / (shown + strength);
  };
}
