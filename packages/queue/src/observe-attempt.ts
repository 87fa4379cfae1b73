import type { AnyTask, LabelsOf, Telemetry } from '@embedding-studio/contracts';
import type { TaskRunOutcome } from './run-task.ts';

type Outcome = LabelsOf<'embedding_studio_task_duration_seconds'>['outcome'];

const labelOf: Record<Exclude<TaskRunOutcome, 'notClaimed'>, Outcome> = {
  ...{ done: 'done', failed: 'failed', refused: 'refused', canceled: 'canceled', released: 'released' },
  leaseLost: 'lease_lost',
};

/** A span and a duration for one attempt at a task. */
export async function observeAttempt(
  { kind, attempt, traceparent }: AnyTask,
  telemetry: Telemetry,
  run: () => Promise<TaskRunOutcome>,
): Promise<TaskRunOutcome> {
  const started = performance.now();
  const attributes = { 'messaging.destination.name': kind, 'embedding_studio.attempt': attempt };
  return telemetry.trace({ name: `job ${kind}`, kind: 'consumer', attributes, traceparent }, async (span) => {
    const outcome = await run();
    if (outcome === 'notClaimed') return outcome;
    const seconds = (performance.now() - started) / 1_000;
    telemetry.observe('embedding_studio_task_duration_seconds', { kind, outcome: labelOf[outcome] }, seconds);
    span.describe({ 'embedding_studio.outcome': outcome });
    if (outcome === 'failed' || outcome === 'leaseLost') span.fail(outcome);
    return outcome;
  });
}
