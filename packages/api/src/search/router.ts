import { router } from '../trpc.ts';
import { browseItemsProcedure } from './browse-items.ts';
import { countItemsProcedure } from './count-items.ts';
import { searchItemsProcedure } from './search-items.ts';

export const searchRouter = router({
  searchItems: searchItemsProcedure,
  browseItems: browseItemsProcedure,
  countItems: countItemsProcedure,
});
