import type { AppRouter } from '@embedding-studio/api';
import type { inferRouterOutputs } from '@trpc/server';

type Outputs = inferRouterOutputs<AppRouter>;
export type ModelView = Outputs['model']['describeModels']['rows'][number];
export type ModelDetail = Outputs['model']['describeModel'];
export type DeploymentPlan = Outputs['model']['planDeployment'];
