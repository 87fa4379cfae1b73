import { router } from '../trpc.ts';
import { describeModelProcedure } from './describe-model.ts';
import { describeModelsProcedure } from './describe-models.ts';
import { getLineageProcedure } from './get-lineage.ts';
import { getModelProcedure } from './get-model.ts';
import { getServingStatusProcedure } from './get-serving-status.ts';
import { listModelsProcedure } from './list-models.ts';
import { planDeploymentProcedure } from './plan-deployment.ts';
import { requestModelDeletionProcedure } from './request-model-deletion.ts';
import { requestModelDeploymentProcedure } from './request-model-deployment.ts';

export const modelRouter = router({
  listModels: listModelsProcedure,
  getModel: getModelProcedure,
  requestModelDeployment: requestModelDeploymentProcedure,
  requestModelDeletion: requestModelDeletionProcedure,
  getServingStatus: getServingStatusProcedure,
  describeModels: describeModelsProcedure,
  describeModel: describeModelProcedure,
  planDeployment: planDeploymentProcedure,
  getLineage: getLineageProcedure,
});
