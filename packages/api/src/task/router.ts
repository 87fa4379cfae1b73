import { router } from '../trpc.ts';
import { cancelTaskProcedure } from './cancel-task.ts';
import { countTasksProcedure } from './count-tasks.ts';
import { describeTaskProcedure } from './describe-task.ts';
import { getTaskProcedure } from './get-task.ts';
import { listTaskLogProcedure } from './list-task-log.ts';
import { listTasksProcedure } from './list-tasks.ts';
import { previewBulkProcedure } from './preview-bulk.ts';
import { requestBulkProcedure } from './request-bulk.ts';
import { restartTaskProcedure } from './restart-task.ts';
import { retryFailedProcedure } from './retry-failed.ts';
import { searchTasksProcedure } from './search-tasks.ts';
import { throttleTaskProcedure } from './throttle-task.ts';
import { watchTaskProcedure } from './watch-task.ts';

export const taskRouter = router({
  getTask: getTaskProcedure,
  listTasks: listTasksProcedure,
  cancelTask: cancelTaskProcedure,
  restartTask: restartTaskProcedure,
  retryFailed: retryFailedProcedure,
  searchTasks: searchTasksProcedure,
  countTasks: countTasksProcedure,
  describeTask: describeTaskProcedure,
  listTaskLog: listTaskLogProcedure,
  watchTask: watchTaskProcedure,
  throttleTask: throttleTaskProcedure,
  previewBulk: previewBulkProcedure,
  requestBulk: requestBulkProcedure,
});
