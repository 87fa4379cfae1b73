/**
 * Why nothing is learned from a session, as stored with it. `bot_agent`: the client names itself as a robot.
 * `clicks_outside_list`: clicks without impressions. `clicked_nearly_all`: 80 % of five results or more.
 * `clicks_too_fast`: above 30 events a minute. `impossible_dwell`: longer than the session has existed.
 * `user_too_fast`, `user_one_item`: the same user's sessions taken together. `erased`: its user asked for it.
 */
export const exclusionReasons = [
  'bot_agent',
  'clicks_outside_list',
  'clicked_nearly_all',
  'clicks_too_fast',
  'impossible_dwell',
  'user_too_fast',
  'user_one_item',
  'erased',
] as const;
export type ExclusionReason = (typeof exclusionReasons)[number];
