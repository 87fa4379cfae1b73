import { ShipArmInput, shipArm } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const shipArmProcedure = procedure.input(ShipArmInput).mutation(({ ctx, input }) => shipArm({ ctx, input }));
