import type { AppRouter } from '@embedding-studio/api';
import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server';

type Outputs = inferRouterOutputs<AppRouter>;
type Inputs = inferRouterInputs<AppRouter>;
export type QueuesView = Outputs['queue']['describeQueues'];
export type QueueView = QueuesView['queues'][number];
export type WorkerRow = QueuesView['workers'][number];
export type JobRow = Outputs['task']['searchTasks']['rows'][number];
export type JobDetail = Outputs['task']['describeTask'];
export type JobFilter = NonNullable<NonNullable<Inputs['task']['searchTasks']>['filter']>;
