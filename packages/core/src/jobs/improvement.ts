export { runRankingFit } from '../ranking/run-ranking-fit.ts';
export { runEvaluation } from '../rollout/run-evaluation.ts';
export { runSwitch } from '../rollout/run-switch.ts';
export { runVerification } from '../rollout/run-verification.ts';
