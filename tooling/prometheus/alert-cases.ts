/** Series of the past, a value a minute, in promtool's notation: `a+bxN` goes up by b, N times. */
type Series = Readonly<Record<string, string>>;

export interface AlertCase {
  alert: string;
  /** When the alerts are looked at. */
  at: string;
  series: Series;
  /** Labels beside the severity of each alert that fires; none: it is silent. */
  fires: readonly (Readonly<Record<string, string>> & { severity: 'page' | 'ticket' })[];
}

const page = { severity: 'page' } as const;
const ticket = { severity: 'ticket' } as const;
const project = { project: 'films' };
const name = (metric: string) => `embedding_studio_${metric}`;
const searches = (outcome: string) =>
  name(`searches_total{job="embedding-studio-gateway",legs="fused",outcome="${outcome}"}`);
const within = name('search_duration_seconds_bucket{job="embedding-studio-gateway",legs="fused",le="0.5"}');
const all = name('search_duration_seconds_count{job="embedding-studio-gateway",legs="fused"}');
const clicks = (status: string) =>
  name(`http_request_duration_seconds_count{route="/api/v1/clickstream/session",method="POST",status="${status}"}`);
const disk = 'instance="db",mountpoint="/data",fstype="ext4"';
const backup = 'node_textfile_mtime_seconds{file="/textfiles/embedding_studio_backup.prom"}';

/** Each alert at least once where it has to fire, and once where it must not. */
export const alertCases: readonly AlertCase[] = [
  // 4.8 % fail: fourteen times too fast and more.
  {
    ...{ alert: 'SearchAvailabilityBurn', at: '90m', fires: [page, ticket] },
    series: { [searches('complete')]: '0+100x120', [searches('failed')]: '0+5x120' },
  },
  {
    ...{ alert: 'SearchAvailabilityBurn', at: '3h', fires: [ticket] },
    series: { [searches('complete')]: '0+1000x200', [searches('failed')]: '0+4x200' },
  },
  {
    ...{ alert: 'SearchAvailabilityBurn', at: '3h', fires: [] },
    series: {
      [searches('complete')]: '0+10000x200',
      [searches('failed')]: '0+5x200',
      [searches('refused')]: '0+900x200',
    },
  },
  // It has ended: the short windows see to it that nobody is called any more.
  {
    ...{ alert: 'SearchAvailabilityBurn', at: '80m', fires: [ticket] },
    series: { [searches('complete')]: '0+100x120', [searches('failed')]: '0+5x30 150+0x90' },
  },
  {
    ...{ alert: 'SearchLatencyBurn', at: '90m', fires: [page, ticket] },
    series: { [within]: '0+80x120', [all]: '0+100x120' },
  },
  { alert: 'SearchLatencyBurn', at: '3h', fires: [ticket], series: { [within]: '0+96x200', [all]: '0+100x200' } },
  { alert: 'SearchLatencyBurn', at: '3h', fires: [], series: { [within]: '0+995x200', [all]: '0+1000x200' } },
  {
    alert: 'GatewayDown',
    at: '5m',
    fires: [page],
    series: { 'up{job="embedding-studio-gateway",instance="a"}': '0x10' },
  },
  {
    ...{ alert: 'GatewayDown', at: '5m', fires: [] },
    series: {
      'up{job="embedding-studio-gateway",instance="a"}': '0x10',
      'up{job="embedding-studio-gateway",instance="b"}': '1x10',
    },
  },
  {
    ...{ alert: 'SearchDegraded', at: '25m', fires: [ticket] },
    series: { [searches('complete')]: '0+90x30', [searches('lexical_only')]: '0+10x30' },
  },
  {
    ...{ alert: 'SearchDegraded', at: '25m', fires: [] },
    series: { [searches('complete')]: '0+990x30', [searches('lexical_only')]: '0+10x30' },
  },
  {
    ...{ alert: 'SessionsNotStored', at: '25m', fires: [ticket] },
    series: { [searches('complete')]: '0+95x30', [searches('session_not_stored')]: '0+5x30' },
  },
  { alert: 'SessionsNotStored', at: '25m', fires: [], series: { [searches('complete')]: '0+95x30' } },
  {
    ...{ alert: 'ClickstreamFailing', at: '25m', fires: [page] },
    series: { [clicks('2xx')]: '0+95x30', [clicks('5xx')]: '0+5x30' },
  },
  {
    ...{ alert: 'ClickstreamFailing', at: '25m', fires: [] },
    series: { [clicks('2xx')]: '0+95x30', [clicks('4xx')]: '0+50x30' },
  },
  {
    ...{ alert: 'SpoolOld', at: '5m', fires: [{ ...ticket, ...project, instance: 'a' }] },
    series: { [name('spool_age_seconds{instance="a",project="films"}')]: '400x10' },
  },
  {
    ...{ alert: 'SpoolOld', at: '5m', fires: [] },
    series: { [name('spool_age_seconds{instance="a",project="films"}')]: '20x10' },
  },
  {
    ...{ alert: 'ModelServerDown', at: '5m', fires: [page] },
    series: { [name('model_server_ready{instance="a"}')]: '0x10', [name('model_server_ready{instance="b"}')]: '0x10' },
  },
  {
    ...{ alert: 'ModelServerDown', at: '5m', fires: [] },
    series: { [name('model_server_ready{instance="a"}')]: '0x10', [name('model_server_ready{instance="b"}')]: '1x10' },
  },
  ...gauge('QueryCircuitOpen', name('circuit_state{circuit="query_embedding",state="open"}'), {
    ...{ bad: 1, well: 0, at: 10, fires: ticket },
  }),
  ...gauge('EventLoopBlocked', name('nodejs_eventloop_lag_p99_seconds{job="embedding-studio-gateway",instance="a"}'), {
    ...{ bad: 0.4, well: 0.1, at: 15, fires: { ...ticket, job: 'embedding-studio-gateway', instance: 'a' } },
  }),
  ...gauge('RecallLow', name('live_collection_recall_ratio{project="films"}'), {
    ...{ bad: 0.9, well: 0.97, at: 15, fires: { ...ticket, ...project } },
  }),
  ...gauge('QueriesDrifting', name('live_collection_query_drift_ratio{project="films"}'), {
    ...{ bad: 0.8, well: 0.52, at: 75, fires: { ...ticket, ...project } },
  }),
  {
    ...{ alert: 'RecallUnchecked', at: '74h', fires: [{ ...ticket, ...project }] },
    series: { [name('live_collection_recall_checked_timestamp_seconds{project="films"}')]: '0x4500' },
  },
  {
    ...{ alert: 'RecallUnchecked', at: '74h', fires: [] },
    series: { [name('live_collection_recall_checked_timestamp_seconds{project="films"}')]: '0+60x4500' },
  },
  {
    ...{ alert: 'IndexStale', at: '75m', fires: [{ ...ticket, ...project }] },
    series: {
      [name('live_collection_stale_items{project="films"}')]: '20x80',
      [name('live_collection_items{project="films"}')]: '1000x80',
    },
  },
  {
    ...{ alert: 'IndexStale', at: '75m', fires: [] },
    series: {
      [name('live_collection_stale_items{project="films"}')]: '5x80',
      [name('live_collection_items{project="films"}')]: '1000x80',
    },
  },
  ...gauge('IndexBloated', name('live_collection_dead_rows_ratio{project="films"}'), {
    ...{ bad: 0.4, well: 0.1, at: 75, fires: { ...ticket, ...project } },
  }),
  ...gauge('DatabasePoolExhausted', name('database_waiting_requests{instance="a",project="films",pool="searches"}'), {
    ...{ bad: 3, well: 0, at: 8, fires: { ...ticket, ...project, instance: 'a', pool: 'searches' } },
  }),
  {
    ...{ alert: 'StateUnreadable', at: '25m', fires: [{ ...ticket, ...project }] },
    series: { [name('state_reads_total{project="films",outcome="failed"}')]: '0+2x30' },
  },
  {
    ...{ alert: 'StateUnreadable', at: '25m', fires: [] },
    series: { [name('state_reads_total{project="films",outcome="failed"}')]: '7x30' },
  },
  ...gauge('DatabaseDiskFilling', name('database_free_bytes{project="films"}'), {
    ...{ bad: 4e9, well: 100e9, at: 20, fires: { ...page, ...project } },
  }),
  // 62 GB left, and 144 GB go in a day.
  {
    ...{ alert: 'DatabaseDiskFilling', at: '380m', fires: [{ ...page, ...project }] },
    series: { [name('database_free_bytes{project="films"}')]: '100000000000-100000000x400' },
  },
  {
    ...{ alert: 'DiskFilling', at: '20m', fires: [{ ...ticket, instance: 'db', mountpoint: '/data' }] },
    series: { [`node_filesystem_avail_bytes{${disk}}`]: '5x30', [`node_filesystem_size_bytes{${disk}}`]: '100x30' },
  },
  {
    ...{ alert: 'DiskFilling', at: '20m', fires: [] },
    series: { [`node_filesystem_avail_bytes{${disk}}`]: '50x30', [`node_filesystem_size_bytes{${disk}}`]: '100x30' },
  },
  ...gauge('ReplicationBehind', 'pg_replication_lag_seconds{instance="standby"}', {
    ...{ bad: 120, well: 2, at: 15, fires: { ...ticket, instance: 'standby' } },
  }),
  { alert: 'BackupOld', at: '40m', fires: [ticket], series: { 'up{job="node"}': '1x50' } },
  { alert: 'BackupOld', at: '27h', fires: [ticket], series: { [backup]: '0x1700' } },
  { alert: 'BackupOld', at: '27h', fires: [], series: { [backup]: '0+60x1700' } },
  ...gauge('WorkerAbsent', name('workers{project="films",role="inference"}'), {
    ...{ bad: 0, well: 1, at: 5, fires: { ...page, ...project, role: 'inference' } },
  }),
  ...gauge('QueueOld', name('queue_oldest_waiting_age_seconds{project="films",kind="upsertion"}'), {
    ...{ bad: 1_000, well: 30, at: 10, fires: { ...ticket, ...project, kind: 'upsertion' } },
  }),
  ...gauge('QueueStalled', name('queue_tasks{project="films",kind="upsertion",state="stalled"}'), {
    ...{ bad: 1, well: 0, at: 15, fires: { ...ticket, ...project, kind: 'upsertion' } },
  }),
  {
    ...{ alert: 'TasksFailing', at: '40m', fires: [{ ...ticket, kind: 'upsertion' }] },
    series: { [name('task_duration_seconds_count{kind="upsertion",outcome="failed"}')]: '0x5 1x5 2x5 4x60' },
  },
  {
    ...{ alert: 'TasksFailing', at: '40m', fires: [] },
    series: { [name('task_duration_seconds_count{kind="upsertion",outcome="failed"}')]: '0x5 1x60' },
  },
  ...gauge('AnalyticsBehind', name('analytics_lag_seconds{project="films"}'), {
    ...{ bad: 1_000, well: 60, at: 15, fires: { ...ticket, ...project } },
  }),
];

/** One series at a value that is bad, and at one that is well. */
function gauge(
  alert: string,
  series: string,
  { bad, well, at, fires }: { bad: number; well: number; at: number; fires: AlertCase['fires'][number] },
): AlertCase[] {
  const held = (value: number) => ({ [series]: `${value}x${at + 5}` });
  return [
    { alert, at: `${at}m`, series: held(bad), fires: [fires] },
    { alert, at: `${at}m`, series: held(well), fires: [] },
  ];
}
