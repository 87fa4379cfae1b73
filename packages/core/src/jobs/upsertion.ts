export { runUpsertion } from '../item/run-upsertion.ts';
export { runReindex } from '../rollout/run-reindex.ts';
