import { router } from '../trpc.ts';
import { describeSystemProcedure } from './describe-system.ts';
import { pingProcedure } from './ping.ts';

export const systemRouter = router({
  ping: pingProcedure,
  describeSystem: describeSystemProcedure,
});
