import {
  type EmbedRequest,
  type Encoder,
  isStudioError,
  type Log,
  noTelemetry,
  StudioError,
  type Telemetry,
} from '@embedding-studio/contracts';
import {
  BrokenCircuitError,
  CircuitState,
  ConsecutiveBreaker,
  ConstantBackoff,
  circuitBreaker,
  handleWhen,
  retry,
  TaskCancelledError,
  TimeoutStrategy,
  timeout,
  wrap,
} from 'cockatiel';

export interface QueryGuardSettings {
  /** Most that one attempt to embed a query may take, milliseconds. */
  deadlineMs: number;
  /** Failures in a row after which queries no longer wait for the server. */
  failuresMax: number;
  /** How long they do not, milliseconds; then a single one tries. */
  restMs: number;
  log: Log;
  /** Told of the state of the circuit. */
  telemetry?: Telemetry;
}

/**
 * People wait for queries: each gets a deadline and one more attempt, and a server that is away is left alone for a
 * while, so that searches by words alone answer at once. Bulk work keeps its own patience.
 */
export function guardQueries(encoder: Encoder, settings: QueryGuardSettings): Encoder {
  const isAway = handleWhen(
    (error) =>
      error instanceof TaskCancelledError || (isStudioError(error) && error.code === 'MODEL_SERVER_UNAVAILABLE'),
  );
  const breaker = circuitBreaker(isAway, {
    halfOpenAfter: settings.restMs,
    breaker: new ConsecutiveBreaker(settings.failuresMax),
  });
  tellState(settings, breaker.state);
  breaker.onStateChange((state) => {
    tellState(settings, state);
    settings.log.warn({ circuit: CircuitState[state] }, 'model server for queries');
  });
  const policy = wrap(
    retry(isAway, { maxAttempts: 1, backoff: new ConstantBackoff(20) }),
    breaker,
    timeout(settings.deadlineMs, TimeoutStrategy.Aggressive),
  );
  return {
    embed: async (request) => {
      if (request.kind !== 'query' || request.texts.length !== 1) return encoder.embed(request);
      try {
        return await policy.execute(({ signal }) => attempt(encoder, { ...request, signal }), request.signal);
      } catch (error) {
        throw toUnavailable(error, { request, deadlineMs: settings.deadlineMs });
      }
    },
  };
}

/** What ends because of the deadline ends as the deadline's own error, whatever the transport calls it. */
async function attempt(encoder: Encoder, request: EmbedRequest): Promise<Float32Array[]> {
  try {
    return await encoder.embed(request);
  } catch (error) {
    if (request.signal?.aborted === true) throw new TaskCancelledError();
    throw error;
  }
}

function toUnavailable(error: unknown, facts: { request: EmbedRequest; deadlineMs: number }): unknown {
  if (facts.request.signal?.aborted === true)
    return new StudioError('ABORTED', 'The caller gave up.', { cause: error });
  if (error instanceof TaskCancelledError)
    return new StudioError('MODEL_SERVER_UNAVAILABLE', `No vector within ${facts.deadlineMs} ms.`, { cause: error });
  if (error instanceof BrokenCircuitError)
    return new StudioError('MODEL_SERVER_UNAVAILABLE', 'The model server failed repeatedly and is left alone.', {
      cause: error,
    });
  return error;
}

const stateNames = { [CircuitState.Closed]: 'closed', [CircuitState.HalfOpen]: 'half_open' } as const;

/** One that somebody has opened by hand counts as open. */
function tellState({ telemetry = noTelemetry }: QueryGuardSettings, state: CircuitState): void {
  const now = state === CircuitState.Closed || state === CircuitState.HalfOpen ? stateNames[state] : 'open';
  for (const one of ['closed', 'half_open', 'open'] as const)
    telemetry.gauge('embedding_studio_circuit_state', { circuit: 'query_embedding', state: one }, Number(one === now));
}
