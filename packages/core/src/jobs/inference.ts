export { runDeployment } from '../rollout/run-deployment.ts';
export { runRetirement } from '../rollout/run-retirement.ts';
