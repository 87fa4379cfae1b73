import { router } from '../trpc.ts';
import { describeQueuesProcedure } from './describe-queues.ts';
import { listSchedulesProcedure } from './list-schedules.ts';
import { pauseQueuesProcedure } from './pause-queues.ts';
import { resumeQueuesProcedure } from './resume-queues.ts';
import { watchQueuesProcedure } from './watch-queues.ts';

export const queueRouter = router({
  describeQueues: describeQueuesProcedure,
  listSchedules: listSchedulesProcedure,
  watchQueues: watchQueuesProcedure,
  pauseQueues: pauseQueuesProcedure,
  resumeQueues: resumeQueuesProcedure,
});
