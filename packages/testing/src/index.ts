export { findFreePort } from './postgres-cluster.ts';
export { type RecordedLine, recordLog } from './record-log.ts';
export { mayMount, openSmallDisk, type SmallDisk } from './small-disk.ts';
export { findRedisProgram, startTestRedis, type TestRedis } from './start-test-redis.ts';
