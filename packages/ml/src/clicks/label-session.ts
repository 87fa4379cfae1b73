import { type LabelledImpression, meaningOf, type SessionWithEvents } from '@embedding-studio/contracts';
import {
  type ClickJudgement,
  type ClickWeightOptions,
  findRejected,
  findSeen,
  judgeClicks,
  quickBackSeconds,
} from './click-weights.ts';
import type { DebiasOptions, RankedClick } from './debias-weights.ts';
import { propensityAt } from './inverse-propensity.ts';
import { orderShown } from './shown-order.ts';
import { rankShown } from './shown-ranks.ts';

export interface LabelOptions extends ClickWeightOptions, DebiasOptions {
  /**
   * Which unclicked items count as passed over. `examined`: those above the lowest click and the one right below it,
   * and those reported as seen. `all`: the whole list, for lists whose order is random or unknown.
   * `auto` (default): `all` when `searchMeta.order` is `random` or `unknown`, else `examined`.
   */
  skipped?: 'examined' | 'all' | 'auto';
}

/** A click with what it was worth before inverse propensities (`satisfaction`) and after (`weight`). */
export interface JudgedClick extends RankedClick, Omit<ClickJudgement, 'weight'> {
  satisfaction: number;
}

/** How far down a list is taken for looked at by somebody who says that nothing in it answers. */
const lookedAtMax = 10;
/** How many results people look at who then ask something else, and what each is worth as a negative. */
const unclickedTop = 3;
const unclickedWeight = 0.2;

type Verdict = Pick<LabelledImpression, 'label' | 'weight' | 'why'> & Partial<LabelledImpression>;

const notExamined: Verdict = { label: 'unobserved', weight: 0, why: 'not_examined' };

/** The clicks of a session by place in its list; ranks only where they say something about what was looked at. */
export function listClicks(session: SessionWithEvents, options: LabelOptions): JudgedClick[] {
  const ranks = orderOf(session) === 'ranked' ? rankShown(session) : null;
  const judged = judgeClicks(session, options);
  return orderShown(session.shown).flatMap((itemId) => {
    const click = judged.get(itemId);
    if (click === undefined) return [];
    return [{ itemId, rank: ranks?.get(itemId) ?? null, ...click, satisfaction: click.weight }];
  });
}

/** Every shown item of a session with clicks, top first. */
export function labelClicked(
  session: SessionWithEvents,
  clicks: readonly JudgedClick[],
  options: LabelOptions,
): LabelledImpression[] {
  const shown = orderShown(session.shown);
  const byItem = new Map(clicks.map((click) => [click.itemId, click]));
  const lowest = shown.findLastIndex((itemId) => byItem.has(itemId));
  const [seen, rejected] = [findSeen(session), findRejected(session)];
  const isWhole = isWholeListExamined(session, options);
  return rowsOf(session, options, (itemId, at): Verdict => {
    const click = byItem.get(itemId);
    if (click !== undefined) return judgeClick(click);
    if (rejected.has(itemId)) return sayNo(session, itemId);
    const skip = (why: LabelledImpression['why']): Verdict => ({ label: 'skipped', weight: 1, why });
    if (at < lowest) return skip(isWhole ? 'whole_list' : 'above_click');
    if (isWhole) return skip('whole_list');
    if (at === lowest + 1) return skip('next_below');
    return seen.has(itemId) ? skip('seen') : notExamined;
  });
}

/** A list that nobody clicked on: weak negatives for the top where its user asked again; what was said no to in any case. */
export function labelUnclicked(
  session: SessionWithEvents,
  isAskedAgain: boolean,
  options: LabelOptions,
): LabelledImpression[] {
  const [seen, rejected] = [findSeen(session), findRejected(session)];
  if (!isAskedAgain && rejected.size === 0) return [];
  const shown = orderShown(session.shown);
  const looked = seen.size > 0 ? shown.filter((itemId) => seen.has(itemId)) : shown;
  const top = new Set(isAskedAgain ? looked.slice(0, unclickedTop) : []);
  return rowsOf(session, options, (itemId): Verdict => {
    if (rejected.has(itemId)) return sayNo(session, itemId);
    return top.has(itemId) ? { label: 'skipped', weight: unclickedWeight, why: 'no_click_top3' } : notExamined;
  });
}

/** A list that was marked as irrelevant; `wanted`: what was clicked for the same query all the same. */
export function labelMarked(
  session: SessionWithEvents,
  wanted: ReadonlySet<string>,
  options: LabelOptions,
): LabelledImpression[] {
  return rowsOf(session, options, (itemId, at): Verdict => {
    if (at >= lookedAtMax) return notExamined;
    if (wanted.has(itemId)) return { label: 'rejected', weight: 0, why: 'wanted_elsewhere' };
    return { label: 'rejected', weight: 1, why: 'list_marked' };
  });
}

function rowsOf(
  session: SessionWithEvents,
  { propensities }: LabelOptions,
  judge: (itemId: string, at: number) => Verdict,
): LabelledImpression[] {
  const { sessionId, query } = session;
  const order = orderOf(session);
  const ranks = order === 'unknown' ? null : rankShown(session);
  return orderShown(session.shown).map((itemId, at) => {
    const position = ranks?.get(itemId) ?? null;
    const isCorrected = propensities !== undefined && order === 'ranked' && position !== null;
    const propensity = isCorrected ? propensityAt(propensities, position) : null;
    const { label, weight, why, satisfaction = null, event = null, dwellSeconds = null } = judge(itemId, at);
    return {
      ...{ sessionId, query, itemId, position, order, label, weight },
      ...{ satisfaction, propensity, why, event, dwellSeconds },
    };
  });
}

function judgeClick({ weight, satisfaction, event, dwellSeconds, isLast }: JudgedClick): Verdict {
  const isQuick = dwellSeconds !== null && dwellSeconds < quickBackSeconds;
  const why = isQuick ? 'quick_back' : isLast ? 'last_click' : 'click';
  return { label: 'clicked', weight, satisfaction, why, event, dwellSeconds };
}

function sayNo(session: SessionWithEvents, itemId: string): Verdict {
  const saying = session.events.find((event) => event.itemId === itemId && meaningOf(event.type) === 'rejected');
  return { label: 'rejected', weight: 1, why: 'said_no', event: saying?.type.toLowerCase() ?? null };
}

function isWholeListExamined(session: SessionWithEvents, { skipped = 'auto' }: LabelOptions): boolean {
  return skipped === 'auto' ? orderOf(session) !== 'ranked' : skipped === 'all';
}

/** In random order every item stands at every rank alike, so that no rank is to be weighed up; nor is an unknown one. */
function orderOf({ searchMeta }: SessionWithEvents): LabelledImpression['order'] {
  const order = searchMeta?.order;
  return order === 'random' || order === 'unknown' ? order : 'ranked';
}
