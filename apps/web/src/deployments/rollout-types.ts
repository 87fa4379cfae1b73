import type { AppRouter } from '@embedding-studio/api';
import type { inferRouterOutputs } from '@trpc/server';

type Outputs = inferRouterOutputs<AppRouter>;
export type RolloutRow = Outputs['rollout']['findRollouts']['rows'][number];
export type RolloutDetail = Outputs['rollout']['describeRollout'];
