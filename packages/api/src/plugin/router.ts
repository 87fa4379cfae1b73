import { router } from '../trpc.ts';
import { getSearchPluginsProcedure } from './get-search-plugins.ts';
import { listPluginUsesProcedure } from './list-plugin-uses.ts';
import { listPluginsProcedure } from './list-plugins.ts';
import { tryPluginProcedure } from './try-plugin.ts';
import { updateSearchPluginsProcedure } from './update-search-plugins.ts';

export const pluginRouter = router({
  listPlugins: listPluginsProcedure,
  listPluginUses: listPluginUsesProcedure,
  tryPlugin: tryPluginProcedure,
  getSearchPlugins: getSearchPluginsProcedure,
  updateSearchPlugins: updateSearchPluginsProcedure,
});
