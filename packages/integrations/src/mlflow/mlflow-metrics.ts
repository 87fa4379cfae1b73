import type { MetricPoint, Tracker } from '@embedding-studio/contracts';
import { fromMlflowKey, toMlflowKey } from './metric-keys.ts';
import { anything, type MlflowClient } from './mlflow-client.ts';
import { ManyMetrics, type MlflowMetric } from './mlflow-shapes.ts';

/** Most that one request takes. */
const batchMax = 1_000;
const pageMax = 25_000;
const requestsAtOnce = 8;

export async function logMetrics(client: MlflowClient, runId: string, points: readonly MetricPoint[]): Promise<void> {
  for (let start = 0; start < points.length; start += batchMax) {
    const metrics = points.slice(start, start + batchMax).map(({ key, value, step, timestamp }) => ({
      ...{ key: toMlflowKey(key), value: toWire(value), step, timestamp: timestamp.getTime() },
    }));
    await client.post('runs/log-batch', { run_id: runId, metrics }, anything);
  }
}

// JSON has no such numbers; the server reads these words.
const toWire = (value: number): number | string =>
  Number.isFinite(value) ? value : Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';

export async function readHistory(client: MlflowClient, runId: string, key: string): Promise<MetricPoint[]> {
  const found: MlflowMetric[] = [];
  let page = '';
  do {
    const parameters = { run_id: runId, metric_key: toMlflowKey(key), max_results: String(pageMax) };
    const answer = await client.get(
      'metrics/get-history',
      page === '' ? parameters : { ...parameters, page_token: page },
      ManyMetrics,
    );
    found.push(...answer.metrics);
    page = answer.next_page_token;
  } while (page !== '');
  return latestOfSteps(found);
}

/** The server keeps every value that was logged for a step: the one of the latest time counts. */
function latestOfSteps(found: readonly MlflowMetric[]): MetricPoint[] {
  const bySteps = new Map<number, MlflowMetric>();
  for (const point of found) {
    const known = bySteps.get(point.step);
    if (known === undefined || point.timestamp >= known.timestamp) bySteps.set(point.step, point);
  }
  return [...bySteps.values()]
    .sort((left, right) => left.step - right.step)
    .map(({ key, value, step, timestamp }) => ({
      key: fromMlflowKey(key),
      value,
      step,
      timestamp: new Date(timestamp),
    }));
}

type SeriesRequest = Parameters<Tracker['listSeries']>[0];

export async function listSeries(client: MlflowClient, { runIds, keys, afterStep }: SeriesRequest) {
  const wanted = runIds.flatMap((runId) => keys.map((key) => ({ runId, key })));
  const histories = await mapInTurns(wanted, ({ runId, key }) => readHistory(client, runId, key));
  return wanted.flatMap(({ runId, key }, at) => {
    const points = (histories[at] ?? []).filter(({ step }) => afterStep === undefined || step > afterStep);
    if (points.length === 0) return [];
    return [
      {
        ...{ runId, key },
        steps: Float64Array.from(points, ({ step }) => step),
        values: Float64Array.from(points, ({ value }) => value),
        times: Float64Array.from(points, ({ timestamp }) => timestamp.getTime()),
      },
    ];
  });
}

/** Several requests at a time, answers in the order asked. */
export async function mapInTurns<In, Out>(given: readonly In[], ask: (one: In) => Promise<Out>): Promise<Out[]> {
  const answers: Out[] = [];
  for (let start = 0; start < given.length; start += requestsAtOnce)
    answers.push(...(await Promise.all(given.slice(start, start + requestsAtOnce).map(ask))));
  return answers;
}
