export { createStudioClient, type StudioClient, type StudioClientOptions } from './client.ts';
export { type WaitOptions, waitForTask } from './wait-for-task.ts';
