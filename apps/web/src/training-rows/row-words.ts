import type { TrainingLabel, TrainingReason } from '@embedding-studio/contracts';
import type { Tone } from '@/ui/badge';

export const labels = [
  'clicked',
  'skipped',
  'rejected',
  'unobserved',
  'mined',
] as const satisfies readonly TrainingLabel[];

export const labelTone: Record<TrainingLabel, Tone> = {
  clicked: 'good',
  skipped: 'warn',
  rejected: 'bad',
  unobserved: 'neutral',
  mined: 'accent',
};

/** Short, for a list to choose from; a row says it at length. */
export const reasonWords: Record<TrainingReason, string> = {
  click: 'clicked',
  last_click: 'the last click',
  quick_back: 'back at once',
  above_click: 'above the lowest click',
  next_below: 'right below the lowest click',
  seen: 'reported as seen',
  whole_list: 'order says nothing',
  no_click_top3: 'no click, asked again',
  said_no: 'said no',
  list_marked: 'list marked as irrelevant',
  wanted_elsewhere: 'marked, wanted by others',
  not_examined: 'nobody knows',
  hard_negative: 'hard negative',
};

export const reasons = Object.keys(reasonWords) as TrainingReason[];
