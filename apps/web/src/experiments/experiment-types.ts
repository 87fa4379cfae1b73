import type { AppRouter } from '@embedding-studio/api';
import type { inferRouterOutputs } from '@trpc/server';

type Outputs = inferRouterOutputs<AppRouter>['experiment'];
export type ExperimentRow = Outputs['findExperiments']['rows'][number];
export type Standing = Outputs['getExperiment'];
export type Experiment = Standing['experiment'];
export type ReadoutRow = Outputs['listReadouts']['rows'][number];
export type Series = Outputs['getReadoutSeries'];
export type Slices = Outputs['sliceReadout'];
export type Estimate = Outputs['estimateDuration'];
