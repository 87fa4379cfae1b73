import { router } from '../trpc.ts';
import { pingProcedure } from './ping.ts';

export const systemRouter = router({
  ping: pingProcedure,
});
