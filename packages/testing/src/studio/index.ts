export { slangOf, slangWorld } from '../doubles/slang-world.ts';
export { writeWordArtefact } from '../doubles/word-artefact.ts';
export { createWordServer } from '../doubles/word-server.ts';
export { createWordTrainer } from '../doubles/word-trainer.ts';
export { assembleDeps } from './assemble-deps.ts';
export { CrashError, type CrashPoints, withCrashPoints } from './crash-points.ts';
export { describeOutcome } from './describe-outcome.ts';
export { drainTasks } from './drain-tasks.ts';
export { startTestStudio, type TestStudio, type TestStudioOptions } from './start-test-studio.ts';
