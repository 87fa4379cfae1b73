import { authoriseSome } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';
import { describeRequests, type RequestDescription } from './describe-requests.ts';

let described: RequestDescription[] | null = null;

export const listRestRequestsProcedure = procedure.query(({ ctx }): RequestDescription[] => {
  authoriseSome(ctx, 'search.read');
  described ??= describeRequests();
  return described;
});
