import { getCategoryModel } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const getCategoryModelProcedure = procedure.query(({ ctx }) => getCategoryModel({ ctx }));
