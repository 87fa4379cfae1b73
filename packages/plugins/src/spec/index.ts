/**
 * What a fine-tuning method is. A method is an object of plain values and two pure functions; it is registered by name
 * in the app's composition and reaches no store, clock, network or process.
 *
 * - `parseSettings` turns untrusted settings into a whole `TrainingSettings`: missing keys get defaults, a bad one throws
 *   `StudioError('INPUT_INVALID', …, { field })` with the dotted path of the key. Equal input gives equal output.
 * - `selectExamples` turns sessions into training queries. It drops what teaches nothing and counts it by reason;
 *   items of other sessions never enter a query.
 *
 * The trainer is one engine for all methods: a method chooses the loss, the trained part and the schedule, not the code
 * that runs them. `specVersion` is the literal of this contract; a later contract has its own.
 */
export type {
  FineTuningMethod,
  LossSpec,
  SessionWithEvents,
  TrainablePart,
  TrainingQuery,
  TrainingSettings,
} from '@embedding-studio/contracts';
export { StudioError } from '@embedding-studio/contracts';
