import { router } from '../trpc.ts';
import { getRetentionProcedure } from './get-retention.ts';
import { requestRetentionProcedure } from './request-retention.ts';
import { updateRetentionProcedure } from './update-retention.ts';

export const policyRouter = router({
  getRetention: getRetentionProcedure,
  updateRetention: updateRetentionProcedure,
  requestRetention: requestRetentionProcedure,
});
