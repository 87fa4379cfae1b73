import type { Ctx } from '@embedding-studio/core';
import { analyticsRouter } from './analytics/router.ts';
import { auditRouter } from './audit/router.ts';
import { categoryRouter } from './category/router.ts';
import { collectionRouter } from './collection/router.ts';
import { dataSourceRouter } from './data-source/router.ts';
import { experimentRouter } from './experiment/router.ts';
import { fineTuningRouter } from './fine-tuning/router.ts';
import { improvementRouter } from './improvement/router.ts';
import { itemRouter } from './item/router.ts';
import { judgementRouter } from './judgement/router.ts';
import { keyRouter } from './key/router.ts';
import { modelRouter } from './model/router.ts';
import { playgroundRouter } from './playground/router.ts';
import { pluginRouter } from './plugin/router.ts';
import { policyRouter } from './policy/router.ts';
import { projectionRouter } from './projection/router.ts';
import { queueRouter } from './queue/router.ts';
import { rankingRouter } from './ranking/router.ts';
import { requestRouter } from './request/router.ts';
import { rolloutRouter } from './rollout/router.ts';
import { runRouter } from './run/router.ts';
import { savedViewRouter } from './saved-view/router.ts';
import { searchRouter } from './search/router.ts';
import { sessionRouter } from './session/router.ts';
import { suggestionRouter } from './suggestion/router.ts';
import { systemRouter } from './system/router.ts';
import { taskRouter } from './task/router.ts';
import { createCallerFactory, router } from './trpc.ts';
import { userRouter } from './user/router.ts';
import { vectorRouter } from './vector/router.ts';

/** All that the console, the SDK and the REST table can call; one file per procedure. */
export const appRouter = router({
  system: systemRouter,
  analytics: analyticsRouter,
  search: searchRouter,
  item: itemRouter,
  session: sessionRouter,
  task: taskRouter,
  queue: queueRouter,
  fineTuning: fineTuningRouter,
  dataSource: dataSourceRouter,
  plugin: pluginRouter,
  ranking: rankingRouter,
  improvement: improvementRouter,
  rollout: rolloutRouter,
  run: runRouter,
  model: modelRouter,
  collection: collectionRouter,
  projection: projectionRouter,
  vector: vectorRouter,
  key: keyRouter,
  suggestion: suggestionRouter,
  category: categoryRouter,
  audit: auditRouter,
  policy: policyRouter,
  experiment: experimentRouter,
  judgement: judgementRouter,
  savedView: savedViewRouter,
  playground: playgroundRouter,
  request: requestRouter((ctx: Ctx): unknown => createCaller(ctx)),
  user: userRouter,
});

export type AppRouter = typeof appRouter;
export const createCaller = createCallerFactory(appRouter);
export type AppCaller = ReturnType<typeof createCaller>;
