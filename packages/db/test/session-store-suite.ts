import type { SessionStore } from '@embedding-studio/contracts';
import { describeBatches } from './session-store/batches.ts';
import { describeEvents } from './session-store/events.ts';
import { describeRegistration } from './session-store/registration.ts';
import { describeUpkeep } from './session-store/upkeep.ts';
import type { TestClock } from './task-store-suite.ts';

/** What every SessionStore guarantees. The factory gives two sets of stores, as two processes have them. */
export function testSessionStore(makeStores: () => Promise<[SessionStore, SessionStore]>, clock: TestClock): void {
  for (const suite of [describeRegistration, describeEvents, describeBatches, describeUpkeep])
    suite({ makeStores, clock });
}
