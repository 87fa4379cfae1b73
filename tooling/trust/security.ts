import type { Promised } from './promise.ts';

const gateway = 'apps/gateway/test';
const core = 'packages/core/test';
const sources = 'packages/integrations/test/sources';

export const security: readonly Promised[] = [
  {
    id: 'S1',
    promise: 'What one project holds is invisible in another, in every procedure that reads.',
    tests: [
      {
        file: `${gateway}/projects.db.test.ts`,
        titles: ['is invisible in another, whatever is read there', 'is as good as none'],
      },
    ],
  },
  {
    id: 'S2',
    promise:
      'Every procedure refuses every role and key that lacks its permission, by one table, before it reads anything.',
    tests: [
      {
        file: 'packages/api/test/permissions.db.test.ts',
        titles: [
          'has a row in the table of permissions',
          'refuses a key without scopes',
          'refuses a %s what its role lacks',
        ],
      },
      { file: `${core}/authorise.test.ts`, titles: ['a role is never allowed less', 'a viewer changes nothing'] },
    ],
  },
  {
    id: 'S3',
    promise: 'No header, suffix or parameter that has opened other consoles opens a page without a sign-in.',
    tests: [
      {
        file: 'e2e/sign-in.e2e.test.ts',
        titles: ['opens for no header, suffix or parameter', 'answers nobody without a sign-in'],
      },
    ],
  },
  {
    id: 'S4',
    promise: 'Hostile filters, orders, ids and texts are values and nothing else.',
    tests: [
      { file: 'packages/db/test/filter.db.test.ts', titles: ['are values and nothing else'] },
      {
        file: 'packages/db/test/collection-store-suite.ts',
        titles: ['says COLLECTION_NOT_FOUND for unknown and for hostile ids'],
      },
      { file: 'packages/db/test/item-store-suite.ts', titles: ['stores hostile texts as they are'] },
      { file: `${gateway}/search.db.test.ts`, titles: ['%j is only a text to a search', 'are only ids to items'] },
    ],
  },
  {
    id: 'S5',
    promise: 'Sizes, depths, counts and rates are bounded, and each refusal says what to do.',
    tests: [
      {
        file: `${gateway}/limits.db.test.ts`,
        titles: ['is its own limit, told with every answer', 'values nested too deep', 'a tRPC batch is refused'],
      },
      { file: `${gateway}/rest-contract.db.test.ts`, titles: ['a body over the limit is a 413'] },
      {
        file: 'packages/integrations/test/model-server/model-server.test.ts',
        titles: ['refuses a body over the limit'],
      },
      { file: 'packages/ml/test/onnx/model-codec.test.ts', titles: ['refuses endless nesting'] },
    ],
  },
  {
    id: 'S6',
    promise: 'Ten thousand clicks of one actor count for no more than one, and the actor is marked.',
    tests: [
      { file: `${core}/improvement.db.test.ts`, titles: ['ten thousand clicks of one actor'] },
      { file: `${core}/suggestions.db.test.ts`, titles: ['the fifth session of the fourth person'] },
    ],
  },
  {
    id: 'S7',
    promise: 'Loaders reach no private address, by no name, redirect or change of a name between check and call.',
    tests: [
      {
        file: `${sources}/network.test.ts`,
        titles: [
          'a redirect to a private address',
          'a name that changes its address',
          'reaches private hosts that the operator allows',
        ],
      },
    ],
  },
  {
    id: 'S8',
    promise: 'No name of an artefact, a model or a file leads out of its folder.',
    tests: [
      { file: `${sources}/loaders.test.ts`, titles: ['every way out is refused'] },
      {
        file: 'packages/integrations/test/model-server/model-server.test.ts',
        titles: ['refuses a path as a model name'],
      },
      { file: 'packages/db/test/tracker-suite.ts', titles: ['refuses unknown runs and paths that leave the run'] },
    ],
  },
  {
    id: 'S9',
    promise:
      'Models are ONNX or safetensors, read without running anything; weights outside of the folder are not read.',
    tests: [
      { file: 'packages/ml/test/onnx/read-model-file.test.ts', titles: ['are not read from anywhere else'] },
      { file: 'packages/ml/test/onnx/model-codec.test.ts', titles: ['meets any damaged file with a clear error'] },
      {
        file: 'packages/integrations/test/model-source/import-model.engine.test.ts',
        titles: ['refuses a quantised export'],
      },
    ],
  },
  {
    id: 'S10',
    promise: 'Keys are stored as hashes, shown once, end with the next request, and stand in no log and no error.',
    tests: [
      {
        file: `${core}/verbs.db.test.ts`,
        titles: ['a key opens what its scopes say until it is revoked', 'missing, unknown and expired keys'],
      },
      { file: `${gateway}/access.db.test.ts`, titles: ['stops a revoked key', 'never says why a key is refused'] },
      { file: 'packages/telemetry/test/secrets.test.ts', titles: ['is never written'] },
    ],
  },
  {
    id: 'S11',
    promise: 'Other sites change nothing with somebody’s cookie, and no script runs that the page did not bring.',
    tests: [
      { file: 'e2e/sign-in.e2e.test.ts', titles: ['answers nobody without a sign-in', 'lets no script run'] },
      { file: 'apps/web/test/oidc.db.test.ts', titles: ['open a session whose cookie no script reads'] },
    ],
  },
  {
    id: 'S12',
    promise: 'Every change leaves a row in the audit log, which refuses changes and shows those made behind its back.',
    tests: [
      {
        file: 'packages/api/test/audit.db.test.ts',
        titles: ['%s leaves an audit row of its request', 'has a case here'],
      },
      {
        file: 'packages/db/test/postgres-faults.db.test.ts',
        titles: ['refuses to change, delete or truncate the audit log', 'shows what was done to the audit log'],
      },
    ],
    open: 'A process killed between a change and its audit row leaves the change without one.',
  },
  {
    id: 'S13',
    promise: 'The OpenAPI document describes every route that is mounted and no other.',
    tests: [
      { file: `${gateway}/contract/contract.db.test.ts`, titles: ['describes every mounted route'] },
      { file: 'packages/api/test/documented-paths.test.ts', titles: ['names every path of the REST table'] },
    ],
  },
  {
    id: 'S14',
    promise: 'The repository holds no secret, and every package is locked to its bytes.',
    tests: [{ file: 'tooling/test/secrets.test.ts', titles: ['holds no secret', 'locks every package'] }],
  },
  {
    id: 'S15',
    promise: 'Erasing a user removes their sessions, interests, phrases and their part in what was learned.',
    tests: [
      { file: `${core}/improvement.db.test.ts`, titles: ['erasing a user removes interests'] },
      { file: `${core}/suggestions.db.test.ts`, titles: ['erasing a person takes out'] },
      { file: 'packages/db/test/session-store/upkeep.ts', titles: ['erases a user: nothing of theirs is left'] },
    ],
    open: 'Models trained before keep what they learned.',
  },
];
