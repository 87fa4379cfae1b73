import { GetPropensityCurveInput, getPropensityCurve } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const getPropensityCurveProcedure = procedure
  .input(GetPropensityCurveInput)
  .query(({ ctx, input }) => getPropensityCurve({ ctx, input }));
