import { workerRoles } from '../job.ts';
import { TaskKind } from '../task.ts';
import { projectsMax, requestSeconds, type TelemetryMetric, taskSeconds } from './telemetry-metric.ts';

const kind = TaskKind.options;
const project = projectsMax;

/** What waits, what runs, and who works. */
export const workMetrics = {
  embedding_studio_task_duration_seconds: {
    type: 'histogram',
    help: 'Time of one attempt at a task, by how it ended; released attempts are made again.',
    labels: { kind, outcome: ['done', 'failed', 'refused', 'canceled', 'released', 'lease_lost'] },
    buckets: taskSeconds,
  },
  embedding_studio_queue_tasks: {
    type: 'gauge',
    help: 'Tasks by kind and state; stalled: their lease ran out, delayed: not to be started yet.',
    labels: { project, kind, state: ['waiting', 'delayed', 'running', 'stalled', 'failed'] },
  },
  embedding_studio_queue_oldest_waiting_age_seconds: {
    type: 'gauge',
    help: 'Age of the task that has waited longest among those that are due; 0 when none waits.',
    labels: { project, kind },
  },
  embedding_studio_workers: {
    type: 'gauge',
    help: 'Live worker processes by role.',
    labels: { project, role: workerRoles },
  },
  embedding_studio_database_statement_duration_seconds: {
    type: 'histogram',
    help: 'Time that PostgreSQL took, waiting for a connection included, by what was asked.',
    labels: { operation: ['statement', 'search', 'transaction'] },
    buckets: requestSeconds,
  },
  embedding_studio_database_connections: {
    type: 'gauge',
    help: 'Connections of this process to PostgreSQL by pool and state.',
    labels: { project, pool: ['stores', 'searches'], state: ['in_use', 'idle'] },
  },
  embedding_studio_database_waiting_requests: {
    type: 'gauge',
    help: 'Statements that wait for a connection of the pool.',
    labels: { project, pool: ['stores', 'searches'] },
  },
  embedding_studio_database_replica_state: {
    type: 'gauge',
    help: '1 for the state that a standby is in, by its place in the setting; refused: it takes writes or is of another cluster.',
    labels: { project, replica: 16, state: ['ready', 'behind', 'away', 'refused'] },
  },
  embedding_studio_database_replica_lag_seconds: {
    type: 'gauge',
    help: 'Time for which the primary has been past what the standby has replayed.',
    labels: { project, replica: 16 },
  },
  embedding_studio_database_reads_total: {
    type: 'counter',
    help: 'Reads that a standby may answer, by who answered; none where no standby is set.',
    labels: { server: ['standby', 'primary'] },
  },
} as const satisfies Record<string, TelemetryMetric>;
