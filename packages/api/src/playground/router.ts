import { router } from '../trpc.ts';
import { compareQuerySetProcedure } from './compare-query-set.ts';
import { compareSearchesProcedure } from './compare-searches.ts';
import { listPayloadFieldsProcedure } from './list-payload-fields.ts';

export const playgroundRouter = router({
  compareSearches: compareSearchesProcedure,
  compareQuerySet: compareQuerySetProcedure,
  listPayloadFields: listPayloadFieldsProcedure,
});
