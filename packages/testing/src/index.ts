export { createMemoryRolloutStore } from './memory/memory-rollout-store.ts';
export { createMemoryTaskStore } from './memory/memory-task-store.ts';
export { type RecordedLine, recordLog } from './record-log.ts';
export { findRedisProgram, startTestRedis, type TestRedis } from './start-test-redis.ts';
