export { createStudioClient, type StudioClient, type StudioClientOptions } from './client.ts';
export { describeFailure, type Failure } from './describe-failure.ts';
export type { RetryOptions } from './retry-policy.ts';
export {
  type SessionTracker,
  type SessionTrackerOptions,
  type ShownList,
  type TrackedEvent,
  trackSession,
} from './session/session-tracker.ts';
export { type WaitOptions, waitForTask } from './wait-for-task.ts';
