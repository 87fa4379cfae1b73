import { router } from '../trpc.ts';
import { getSearchPluginsProcedure } from './get-search-plugins.ts';
import { listPluginsProcedure } from './list-plugins.ts';
import { updateSearchPluginsProcedure } from './update-search-plugins.ts';

export const pluginRouter = router({
  listPlugins: listPluginsProcedure,
  getSearchPlugins: getSearchPluginsProcedure,
  updateSearchPlugins: updateSearchPluginsProcedure,
});
