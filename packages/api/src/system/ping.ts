import { openProcedure } from '../trpc.ts';

export const pingProcedure = openProcedure.query(() => ({}));
