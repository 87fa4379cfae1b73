import { GetModelInput, getModel } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const getModelProcedure = procedure.input(GetModelInput).query(({ ctx, input }) => getModel({ ctx, input }));
