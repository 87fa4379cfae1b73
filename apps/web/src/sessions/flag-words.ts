import type { EventGroup, ExclusionReason, SessionFlag } from '@embedding-studio/contracts';

export const flagWords: Record<SessionFlag, { title: string; hint: string }> = {
  counted: { title: 'Counted', hint: 'Counts as a search: no keystroke, no robot, not erased' },
  keystroke: { title: 'Keystroke', hint: 'The same user went on typing within 10 s' },
  answered: { title: 'With results', hint: 'At least one result was shown' },
  zeroResult: { title: 'Zero results', hint: 'Nothing was found' },
  clicked: { title: 'Clicked', hint: 'At least one result was wanted' },
  noClick: { title: 'No click', hint: 'Results were shown and none was clicked' },
  satisfied: { title: 'Satisfied', hint: 'A click stayed 30 s or more, or led to a cart, a like or a purchase' },
  dwelt: { title: 'With dwell times', hint: 'The application said how long users stayed' },
  converted: { title: 'Converted', hint: 'Led to a conversion or a purchase' },
  reformulated: { title: 'Reformulated', hint: 'The same user asked otherwise within 60 s' },
  abandoned: { title: 'Abandoned', hint: 'Results, no click, not asked otherwise, and no instant answer' },
  irrelevant: { title: 'Marked irrelevant', hint: 'Somebody said that nothing in the list answered' },
  instantAnswer: { title: 'Instant answer', hint: 'The application answered in the list itself' },
  identified: { title: 'Known user', hint: 'The application said who asked' },
};

export const eventWords: Record<EventGroup, string> = {
  seen: 'Impression',
  click: 'Click',
  engaged: 'Cart, like, save',
  converted: 'Conversion',
  rejected: 'Dislike, hide',
  other: 'Unknown type',
};

const exclusionWords: Record<ExclusionReason, string> = {
  bot_agent: 'The client names itself as a robot.',
  clicks_outside_list: 'Something was clicked that the list did not show.',
  clicked_nearly_all: 'Four of five results or more were clicked.',
  clicks_too_fast: 'More than 30 events a minute.',
  impossible_dwell: 'A stay longer than the session has existed.',
  user_too_fast: 'This user clicks faster than people do, over all their sessions.',
  user_one_item: 'This user clicks one and the same item, whatever the query.',
  erased: 'The user asked for their data to be erased.',
};

const dropWords: Record<string, string> = {
  ...exclusionWords,
  marked_irrelevant: 'Marked irrelevant: it speaks against the items shown, and for none.',
  empty_query: 'The query has no words.',
  no_shown_list: 'No results were shown.',
  no_clicks: 'Nothing was clicked.',
  duplicate: 'The same list fetched again.',
};

export const exclusionTitles: Record<string, string> = {
  any: 'Any reason',
  none: 'Not excluded',
  bot_agent: 'Robot',
  clicks_outside_list: 'Clicks outside the list',
  clicked_nearly_all: 'Clicked nearly all',
  clicks_too_fast: 'Clicks too fast',
  impossible_dwell: 'Impossible dwell',
  user_too_fast: 'User too fast',
  user_one_item: 'User of one item',
  erased: 'Erased',
};

export function whyDropped(reason: string): string {
  return dropWords[reason] ?? reason.replaceAll('_', ' ');
}
