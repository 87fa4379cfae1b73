import type { Settings } from '../environment.ts';

/** One implementation of a port and the suite that it has to pass. */
export interface ConformanceSuite {
  port: string;
  implementation: string;
  step: ConformanceStep;
  file: string;
  /** How the full names of its tests begin, where others are in the file; default: all. */
  titles?: string;
  /** Set: the implementation is somewhere. Unset: there is none to reach. */
  setting?: keyof Settings;
  /** What this machine lacks where all of its tests are skipped; else a skipped test has to say so: `needs X: why`. */
  lacks?: string;
}

/** A run of one project of the test runner. */
export type ConformanceStep = 'unit' | 'loop' | 'db' | 'db on MongoDB';

const integrations = 'packages/integrations/test';
const embeddedModels = `${integrations}/model-server/kserve-contract.test.ts`;
const triton = `${integrations}/model-server/triton-contract.loop.test.ts`;
const documents = 'packages/db/test/mongo-stores.db.test.ts';
const documentPorts = 'tasks, rollouts, sessions, analytics, tracker';

/** Every port that has more than one implementation, or one that others may replace. */
export const conformanceSuites: readonly ConformanceSuite[] = [
  {
    ...{ port: 'object store', implementation: 'folder', step: 'unit' },
    file: `${integrations}/object-store/folder-object-store.test.ts`,
  },
  {
    ...{ port: 'object store', implementation: 'S3 (s3rver)', step: 'db' },
    file: `${integrations}/object-store/s3-object-store.db.test.ts`,
  },
  {
    ...{ port: 'object store', implementation: 'MinIO', step: 'loop' },
    file: `${integrations}/object-store/minio-contract.loop.test.ts`,
  },
  {
    ...{ port: 'object store', implementation: 'Google Cloud Storage (fake-gcs-server)', step: 'loop' },
    file: `${integrations}/object-store/fake-gcs-contract.loop.test.ts`,
  },
  {
    ...{ port: 'model server', implementation: 'embedded, HTTP', step: 'unit', file: embeddedModels },
    titles: 'ModelServer port: embedded, HTTP',
  },
  {
    ...{ port: 'model server', implementation: 'embedded, gRPC', step: 'unit', file: embeddedModels },
    titles: 'ModelServer port: embedded, gRPC',
  },
  {
    ...{ port: 'model server', implementation: 'NVIDIA Triton, HTTP', step: 'loop', file: triton },
    titles: 'ModelServer port: Triton, HTTP',
  },
  {
    ...{ port: 'model server', implementation: 'NVIDIA Triton, gRPC', step: 'loop', file: triton },
    titles: 'ModelServer port: Triton, gRPC',
  },
  { port: 'tracker', implementation: 'built-in', step: 'db', file: documents, titles: 'tracker' },
  {
    ...{ port: 'tracker', implementation: 'MLflow', step: 'loop', titles: 'on a real MLflow server' },
    ...{ file: `${integrations}/mlflow/mlflow-contract.loop.test.ts` },
  },
  {
    ...{ port: 'MongoDB wire protocol', implementation: 'embedded document server', step: 'unit' },
    ...{ file: 'packages/embedded-mongo/test/contract.test.ts', titles: 'the embedded document server' },
  },
  {
    ...{ port: 'MongoDB wire protocol', implementation: 'MongoDB', step: 'unit', setting: 'MONGODB_URL' },
    ...{ file: 'packages/embedded-mongo/test/contract.test.ts', titles: 'MongoDB at MONGODB_URL' },
  },
  {
    ...{ port: 'MongoDB wire protocol', implementation: 'FerretDB', step: 'loop' },
    ...{ file: 'packages/embedded-mongo/test/ferretdb-contract.loop.test.ts', titles: 'FerretDB' },
  },
  { port: documentPorts, implementation: 'embedded document server', step: 'db', file: documents },
  { port: documentPorts, implementation: 'MongoDB', step: 'db on MongoDB', file: documents, setting: 'MONGODB_URL' },
  {
    ...{ port: documentPorts, implementation: 'FerretDB', step: 'loop' },
    file: 'packages/db/test/ferretdb-stores.loop.test.ts',
  },
  {
    ...{ port: 'items, collections, models, keys, audit', implementation: 'PostgreSQL', step: 'db' },
    file: 'packages/db/test/postgres-stores.db.test.ts',
  },
  {
    ...{ port: 'queue', implementation: 'PostgreSQL', step: 'db', titles: 'the queue on Postgres' },
    file: 'packages/queue/test/queue.db.test.ts',
  },
  {
    ...{ port: 'queue', implementation: 'Redis', step: 'db', titles: 'the queue on Redis', lacks: 'redis-server' },
    file: 'packages/queue/test/queue.db.test.ts',
  },
  {
    ...{ port: 'model source', implementation: 'PyPI', step: 'loop', lacks: 'python3 with pip' },
    file: `${integrations}/model-source/pypi-source.loop.test.ts`,
  },
  { port: 'loader', implementation: 'S3', step: 'unit', file: `${integrations}/sources/s3-loader.test.ts` },
  { port: 'loader', implementation: 'GCS', step: 'unit', file: `${integrations}/sources/gcs-loader.test.ts` },
  {
    ...{ port: 'loader', implementation: 'folder, HTTP', step: 'unit' },
    file: `${integrations}/sources/loaders.test.ts`,
  },
  {
    ...{ port: 'loader', implementation: 'PostgreSQL', step: 'db' },
    file: 'packages/db/test/postgres-loader.db.test.ts',
  },
  {
    ...{ port: 'fine-tuning method', implementation: 'built-ins', step: 'unit' },
    file: 'packages/plugins/test/conformance-of-methods.test.ts',
  },
  {
    ...{ port: 'query processor, ranker, adjuster', implementation: 'built-ins', step: 'unit' },
    file: 'packages/plugins/test/conformance-of-search-plugins.test.ts',
  },
  {
    ...{ port: 'metrics and alerts', implementation: 'Prometheus', step: 'unit', titles: 'Prometheus itself' },
    ...{ file: 'tooling/test/conformance/prometheus.test.ts', lacks: "Debian's package prometheus" },
  },
  {
    ...{ port: 'chart', implementation: 'Helm', step: 'unit', titles: 'the chart, rendered by Helm' },
    ...{ file: 'tooling/test/conformance/helm.test.ts', lacks: 'helm, or Go and its proxy' },
  },
];

/** Files of a run, each once. */
export function filesOf(step: ConformanceStep): string[] {
  return [...new Set(conformanceSuites.filter((suite) => suite.step === step).map(({ file }) => file))];
}
