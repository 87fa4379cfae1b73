import { router } from '../trpc.ts';
import { cancelTaskProcedure } from './cancel-task.ts';
import { getTaskProcedure } from './get-task.ts';
import { listTasksProcedure } from './list-tasks.ts';
import { restartTaskProcedure } from './restart-task.ts';
import { retryFailedProcedure } from './retry-failed.ts';

export const taskRouter = router({
  getTask: getTaskProcedure,
  listTasks: listTasksProcedure,
  cancelTask: cancelTaskProcedure,
  restartTask: restartTaskProcedure,
  retryFailed: retryFailedProcedure,
});
