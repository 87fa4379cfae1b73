import { newId, type Telemetry } from '@embedding-studio/contracts';
import { createStateTeller } from '@embedding-studio/core';
import type { ProcessTelemetry } from '@embedding-studio/telemetry/observe';
import type { Studio } from './open-studio.ts';

/** Whenever metrics are read: the connections of every project, and the state of its queues and its index. */
export function tellOfStudios(
  telemetry: Telemetry & Pick<ProcessTelemetry, 'beforeScrape'>,
  studios: Iterable<Studio>,
): void {
  for (const studio of studios) {
    const { deps } = studio;
    const teller = createStateTeller({ actor: { kind: 'system', job: 'metrics' }, requestId: newId('request'), deps });
    telemetry.beforeScrape(() => tellPools(telemetry, studio));
    telemetry.beforeScrape(() => tellReplicas(telemetry, studio));
    telemetry.beforeScrape(() => teller.tell());
  }
}

const states = ['ready', 'behind', 'away', 'refused'] as const;

function tellReplicas(telemetry: Telemetry, { project, describeReplicas }: Studio): void {
  for (const { place, lag, state: current } of describeReplicas()) {
    const labels = { project, replica: String(place) };
    for (const state of states)
      telemetry.gauge('embedding_studio_database_replica_state', { ...labels, state }, Number(state === current));
    if (lag !== null) telemetry.gauge('embedding_studio_database_replica_lag_seconds', labels, lag.ms / 1_000);
  }
}

function tellPools(telemetry: Telemetry, { project, describePools }: Studio): void {
  for (const { name: pool, inUse, idle, waiting } of describePools()) {
    telemetry.gauge('embedding_studio_database_connections', { project, pool, state: 'in_use' }, inUse);
    telemetry.gauge('embedding_studio_database_connections', { project, pool, state: 'idle' }, idle);
    telemetry.gauge('embedding_studio_database_waiting_requests', { project, pool }, waiting);
  }
}
