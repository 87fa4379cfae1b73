import { GetCurvesInput, getCurves } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const getCurvesProcedure = procedure.input(GetCurvesInput).query(({ ctx, input }) => getCurves({ ctx, input }));
