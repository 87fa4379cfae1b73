import { listPluginUses } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const listPluginUsesProcedure = procedure.query(({ ctx }) => listPluginUses({ ctx }));
