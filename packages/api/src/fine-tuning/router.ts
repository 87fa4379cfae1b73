import { router } from '../trpc.ts';
import { requestFineTuningProcedure } from './request-fine-tuning.ts';

export const fineTuningRouter = router({
  requestFineTuning: requestFineTuningProcedure,
});
