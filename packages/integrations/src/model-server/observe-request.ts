import { isStudioError, type LabelsOf, type Telemetry } from '@embedding-studio/contracts';

type Labels = LabelsOf<'embedding_studio_model_server_request_duration_seconds'>;
export type Operation = Labels['operation'];

/** One request to a model server: a span, whose context goes along in the headers, and a duration by outcome. */
export async function observeRequest<T>(
  telemetry: Telemetry,
  operation: Operation,
  send: (headers: Record<string, string>) => Promise<T>,
): Promise<T> {
  const started = performance.now();
  const end = (outcome: Labels['outcome']): void => {
    const seconds = (performance.now() - started) / 1_000;
    telemetry.observe('embedding_studio_model_server_request_duration_seconds', { operation, outcome }, seconds);
  };
  return telemetry.trace({ name: `model server ${operation}`, kind: 'client' }, async () => {
    try {
      const traceparent = telemetry.traceparent();
      const answer = await send(traceparent === undefined ? {} : { traceparent });
      end('ok');
      return answer;
    } catch (error) {
      end(isStudioError(error) && error.code === 'ABORTED' ? 'aborted' : 'failed');
      throw error;
    }
  });
}
