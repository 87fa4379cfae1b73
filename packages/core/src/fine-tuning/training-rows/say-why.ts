import type { TrainingRow } from '@embedding-studio/contracts';

/** Why a row carries its label, in words. */
export function sayWhy(row: TrainingRow): string {
  const said = reasons[row.why](row);
  return row.isUsed || row.label === 'unobserved' ? said : `${said}; ${unused(row)}`;
}

type Words = (row: TrainingRow) => string;

const stay: Words = ({ dwellSeconds }) =>
  dwellSeconds === null ? 'stay unknown' : `stayed ${Number(dwellSeconds.toFixed(1))} s`;
const act: Words = ({ event }) => (event ?? 'click').replaceAll('_', ' ');

const reasons: Record<TrainingRow['why'], Words> = {
  click: (row) => `${act(row)}, ${stay(row)}`,
  last_click: (row) => `${act(row)}, ${stay(row)}, the last of the session`,
  quick_back: (row) => `${act(row)}, but back after ${Number((row.dwellSeconds ?? 0).toFixed(1))} s`,
  above_click: () => 'passed over, above the lowest click',
  next_below: () => 'passed over, right below the lowest click',
  seen: () => 'passed over, was on screen',
  whole_list: ({ order }) => `passed over in a list of ${order} order`,
  no_click_top3: () => 'nobody clicked, and the user asked something else within a minute',
  said_no: (row) => `the user said no (${act(row)})`,
  list_marked: () => 'the list was marked as irrelevant',
  wanted_elsewhere: () => 'the list was marked as irrelevant, but others clicked this for the same query',
  hard_negative: () => 'a hard negative: near by the base model, never clicked for this query',
  not_examined: () => 'below what was surely looked at: says nothing',
};

function unused({ why }: TrainingRow): string {
  if (why === 'no_click_top3' || why === 'wanted_elsewhere') return 'kept for the record';
  return 'not trained on: the item is gone, or the method left its session out';
}
