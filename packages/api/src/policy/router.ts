import { router } from '../trpc.ts';
import { getExperimentPolicyProcedure } from './get-experiment-policy.ts';
import { getExplorationPolicyProcedure } from './get-exploration-policy.ts';
import { getRetentionProcedure } from './get-retention.ts';
import { getTrainingPolicyProcedure } from './get-training-policy.ts';
import { requestRetentionProcedure } from './request-retention.ts';
import { updateExperimentPolicyProcedure } from './update-experiment-policy.ts';
import { updateExplorationPolicyProcedure } from './update-exploration-policy.ts';
import { updateRetentionProcedure } from './update-retention.ts';
import { updateTrainingPolicyProcedure } from './update-training-policy.ts';

export const policyRouter = router({
  getRetention: getRetentionProcedure,
  updateRetention: updateRetentionProcedure,
  requestRetention: requestRetentionProcedure,
  getTrainingPolicy: getTrainingPolicyProcedure,
  updateTrainingPolicy: updateTrainingPolicyProcedure,
  getExperimentPolicy: getExperimentPolicyProcedure,
  updateExperimentPolicy: updateExperimentPolicyProcedure,
  getExplorationPolicy: getExplorationPolicyProcedure,
  updateExplorationPolicy: updateExplorationPolicyProcedure,
});
