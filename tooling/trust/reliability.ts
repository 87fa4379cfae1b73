import type { Promised } from './promise.ts';

const workers = 'apps/workers/test';
const core = 'packages/core/test';
const db = 'packages/db/test';

export const reliability: readonly Promised[] = [
  {
    id: 'R1',
    promise: 'A worker killed by `kill -9` at any boundary of a step ends in the state of a run without it.',
    tests: [
      {
        file: `${workers}/worker-crash-training.fault.test.ts`,
        titles: ['a worker killed at every step boundary up to'],
      },
      {
        file: `${workers}/worker-crash-rollout.fault.test.ts`,
        titles: ['a worker killed at every step boundary behind'],
      },
      {
        file: `${core}/rollout-crash.db.test.ts`,
        titles: ['without a crash the loop ends live', 'ends in the same state'],
      },
      {
        file: `${core}/data-source/sync.db.test.ts`,
        titles: ['killed after any effect it ends like one that was not'],
      },
      {
        file: `${core}/experiment/experiment-readout.db.test.ts`,
        titles: ['a canary that harms nobody climbs its steps'],
      },
      { file: 'packages/ml/test/trainer/killed-training.fault.test.ts', titles: ['a training process killed twice'] },
    ],
  },
  {
    id: 'R2',
    promise: 'Workers that stood still until others had finished change nothing when they wake.',
    tests: [
      { file: `${workers}/worker-still.fault.test.ts`, titles: ['workers that stood still'] },
      { file: 'packages/queue/test/run-task.db.test.ts', titles: ['a worker that wakes up after its lease'] },
    ],
  },
  {
    id: 'R3',
    promise: 'A queue that is emptied, dies or is away loses no task and runs none twice.',
    tests: [
      {
        file: 'packages/queue/test/queue.db.test.ts',
        titles: ['emptying Redis in the middle of many tasks', 'a Redis that dies and comes back empty'],
      },
      {
        file: 'packages/queue/test/sweeper.db.test.ts',
        titles: ['delivers again what was delivered', 'a queue that is away'],
      },
    ],
    open: 'CI runs 80 tasks; 10,000 are run by hand: [drills](drills.md).',
  },
  {
    id: 'R4',
    promise: 'PostgreSQL killed in the middle of a write or a switch keeps what it acknowledged, and one live pointer.',
    tests: [
      {
        file: `${db}/replicas/replicas.db.test.ts`,
        titles: ['that hangs holds searches up for moments only', 'leaves searches answered by the standbys'],
      },
      { file: 'apps/gateway/test/standbys.db.test.ts', titles: ['goes on answering searches with keys'] },
      {
        file: `${workers}/postmaster-kill.fault.test.ts`,
        titles: ['in the middle of a switch', 'in the middle of a rollback', 'right after a rollback moved'],
      },
      { file: `${workers}/connections-cut.fault.test.ts`, titles: ['Redis emptied and every database connection cut'] },
      {
        file: `${db}/postgres-faults.db.test.ts`,
        titles: ['has one row whatever is tried', 'leaves nothing of an upsert'],
      },
    ],
  },
  {
    id: 'R5',
    promise:
      'While the document store is away searches are answered and clicks accepted: they wait on disk, outlive the gateway and are stored in order; with the disk’s share full they are refused with when to come again.',
    tests: [
      { file: `${core}/improvement.db.test.ts`, titles: ['without a user, or with a store that is away'] },
      {
        file: 'apps/gateway/test/spool.db.test.ts',
        titles: [
          'sessions, clicks and marks are accepted',
          'once the spool is full callers are asked',
          'is stored by the next process',
          'and is wrong is counted and stops nothing',
        ],
      },
      { file: `${db}/mongo-faults.db.test.ts`, titles: ['has stores that refuse until there is one'] },
      { file: 'apps/gateway/test/away.db.test.ts', titles: ['REST and tRPC both answer 503'] },
      { file: 'packages/sdk/test/session-tracker.test.ts', titles: ['keeps events while the gateway is away'] },
      { file: 'packages/embedded-mongo/test/kill.fault.test.ts', titles: ['loses no acknowledged write to kill -9'] },
    ],
  },
  {
    id: 'R6',
    promise:
      'A model server that is away, slow or answers nonsense leaves searches by words, and nothing wrong is stored.',
    tests: [
      {
        file: `${core}/verbs.db.test.ts`,
        titles: ['a model server that is away leaves a search by words', 'a search by meaning alone fails openly'],
      },
      {
        file: 'packages/integrations/test/model-server/encoder.engine.test.ts',
        titles: ['refuses vectors of another size'],
      },
      { file: 'apps/gateway/test/search.db.test.ts', titles: ['a search answers by words and says so'] },
    ],
  },
  {
    id: 'R7',
    promise:
      'A rollout, its rollback and the way forward fail no search, mix no spaces and lose no write made meanwhile.',
    tests: [
      { file: `${core}/standbys.db.test.ts`, titles: ['searches on standbys follow every switch at once'] },
      {
        file: `${db}/replicas/replicas.db.test.ts`,
        titles: ['is never followed by an answer from the old collection'],
      },
      { file: `${core}/rollout-load.db.test.ts`, titles: ['a rollout, its rollback and the way forward'] },
      { file: `${core}/verbs.db.test.ts`, titles: ['what is written while a second collection is built'] },
    ],
  },
  {
    id: 'R8',
    promise: 'Loading and unloading models 20 times leaves memory where it was.',
    tests: [
      {
        file: 'packages/integrations/test/model-server/repeated-loading.engine.test.ts',
        titles: ['takes no more memory after twenty models'],
      },
    ],
  },
  {
    id: 'R9',
    promise: 'Any history of writes, deletions, switches and repeats ends as the plain model of it does.',
    tests: [
      { file: `${db}/history.db.test.ts`, titles: ['any history of writes'] },
      {
        file: `${core}/analytics/analytics.db.test.ts`,
        titles: ['what is counted step by step equals what is counted anew'],
      },
      { file: 'packages/ml/test/bias/properties.test.ts', titles: ['never rises, keeps the weighted mean'] },
    ],
  },
  {
    id: 'R10',
    promise:
      'Broken clocks are refused, late and repeated events counted once, another body under a known id is a conflict.',
    tests: [
      { file: `${core}/verbs.db.test.ts`, titles: ['an event of an unknown session and one from a broken clock'] },
      {
        file: `${db}/session-store/events.ts`,
        titles: ['stores an event once; the same id with another body', 'stores each of thousands of events once'],
      },
    ],
  },
  {
    id: 'R11',
    promise: 'Items that cannot be embedded fail alone, are listed, and can be tried again by themselves.',
    tests: [
      { file: 'apps/gateway/test/search.db.test.ts', titles: ['one poisoned item fails alone'] },
      { file: `${core}/ingest-tasks.db.test.ts`, titles: ['failures name item and stage', 'restarted, it goes on'] },
    ],
  },
  {
    id: 'R12',
    promise:
      'A backup restored into an empty installation gives the same ids for the same queries; a damaged one touches nothing.',
    tests: [
      {
        file: 'apps/studio/test/backup/drill.db.test.ts',
        titles: ['answers the golden queries with the same ids', 'touches nothing where the backup is damaged'],
      },
    ],
  },
  {
    id: 'R13',
    promise: 'A full disk is said clearly, and work goes on once there is room.',
    tests: [
      {
        file: `${core}/full-disk.fault.test.ts`,
        titles: [
          'is said by the tasks that meet it',
          'that ends the server loses nothing that it acknowledged',
          'a full disk of the object folder leaves no half-written object',
        ],
      },
      { file: 'packages/embedded-mongo/test/full-disk.fault.test.ts', titles: ['a full disk is said, ends'] },
      { file: 'packages/telemetry/test/full-disk.fault.test.ts', titles: ['a full log disk ends no process'] },
      { file: 'apps/gateway/test/spool.db.test.ts', titles: ['a full disk is a full spool'] },
    ],
    open: 'The tests fill file systems of their own and need the right to mount one: they are skipped without it.',
  },
  {
    id: 'R14',
    promise: 'A process asked to end finishes what it answers and gives its task back with a checkpoint.',
    tests: [
      {
        file: 'packages/queue/test/run-task.db.test.ts',
        titles: ['a shutdown gives the task back', 'the next attempt starts from'],
      },
      { file: 'packages/queue/test/queue.db.test.ts', titles: ['closing gives a running task back'] },
    ],
  },
  {
    id: 'R15',
    promise:
      'Two equal arms looked at every 100 sessions raise a false alarm in at most 5 % of 1,000 runs; broken splits are seen.',
    tests: [
      {
        file: 'packages/stats/test/experiment/simulation.engine.test.ts',
        titles: [
          '%s: always-valid tests alarm in at most 5 %',
          'sets off the alarm in .1 % of fair draws',
          'sets it off in 99 % of draws',
        ],
      },
    ],
  },
  {
    id: 'R16',
    promise: 'Recall stays at .93 or more and no query comes back short while 30 % of the vectors change under VACUUM.',
    tests: [{ file: `${db}/churn.db.test.ts`, titles: ['recall stays and no query comes back short'] }],
  },
  {
    id: 'R17',
    promise: 'An hour of mixed load leaks nothing.',
    tests: [{ file: 'tooling/test/judge-soak.test.ts', titles: ['finds what grows, and its slope'] }],
    open: 'The soak is a command and no part of CI. Run for a quarter of an hour so far: one run passed, one failed on the workers’ resident memory, whose heap did not grow: [drills](drills.md).',
  },
  {
    id: 'R18',
    promise:
      'Whichever part of an installation is killed under load, nothing that was acknowledged is lost or done twice, and it is whole again by itself.',
    tests: [
      { file: 'tooling/test/drill.fault.test.ts', titles: ['the document server, then a gateway whose spool waits'] },
    ],
    open: 'CI kills three parts; `npm run drill` kills all eleven: [drills](drills.md).',
  },
  {
    id: 'R19',
    promise:
      'What an earlier release left is migrated, read and gone on with, and the new schema still takes its statements.',
    tests: [
      {
        file: `${core}/upgrade/upgrade.db.test.ts`,
        titles: ['is migrated without taking away', 'can still be written by the earlier one', 'goes on'],
      },
    ],
  },
];
