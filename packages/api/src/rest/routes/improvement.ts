import type { ImprovementState } from '@embedding-studio/contracts';
import type { ImprovementReport } from '@embedding-studio/core';
import { defineRoute } from '../route.ts';
import {
  EraseUserAnswer,
  EraseUserBody,
  ImprovementAnswer,
  ImprovementFoldAnswer,
  ImprovementFoldBody,
  ImprovementQuery,
  ImprovementRollBackBody,
  ImprovementRunAnswer,
  ImprovementRunBody,
  ImprovementSettingsBody,
  ImprovementStateAnswer,
} from '../schemas/improvement.ts';

function stateAnswer({ collectionId, isOn, isHeld, version, versionLast, learnFrom }: ImprovementState) {
  return {
    ...{ collection_id: collectionId, is_on: isOn, is_held: isHeld, version, version_last: versionLast },
    learn_from: learnFrom.toISOString(),
  };
}

function itemAnswer(item: ImprovementReport['item']) {
  if (item === undefined || item === null) return item;
  const { usersEffective, users, sessions, latest } = item.provenance;
  return {
    ...{ object_id: item.itemId, version: item.version, made_at: item.madeAt.toISOString(), is_moved: item.isMoved },
    ...{ users_effective: usersEffective, users, sessions, latest_sessions: latest },
  };
}

const getImprovement = defineRoute(
  {
    method: 'GET',
    path: '/improvement',
    operationId: 'getImprovement',
    summary: 'What a collection has learned between fine-tunings, and where the delta of an object comes from.',
    scope: 'admin',
  },
  {
    input: ImprovementQuery,
    output: ImprovementAnswer,
    run: async (caller, { collection_id, object_id }) => {
      const report = await caller.improvement.getImprovement({ collectionId: collection_id, itemId: object_id });
      const { collectionId, state, counts, item } = report;
      const object = itemAnswer(item);
      return {
        ...{ collection_id: collectionId, state: state && stateAnswer(state), ...counts },
        ...(object !== undefined && { object }),
      };
    },
  },
);

const updateImprovement = defineRoute(
  {
    method: 'POST',
    path: '/improvement/settings',
    operationId: 'updateImprovement',
    summary: 'Turns learning between fine-tunings on or off for a collection.',
    scope: 'admin',
  },
  {
    input: ImprovementSettingsBody,
    output: ImprovementStateAnswer,
    run: async (caller, { collection_id, is_on, is_held }) =>
      stateAnswer(
        await caller.improvement.updateImprovement({ collectionId: collection_id, isOn: is_on, isHeld: is_held }),
      ),
  },
);

const requestImprovement = defineRoute(
  {
    method: 'POST',
    path: '/improvement/run',
    operationId: 'requestImprovement',
    summary: 'Learns now from all feedback that has arrived.',
    scope: 'admin',
  },
  {
    input: ImprovementRunBody,
    output: ImprovementRunAnswer,
    run: async (caller, { collection_id }) => {
      const { id, status } = await caller.improvement.requestImprovement({ collectionId: collection_id });
      return { task_id: id, status };
    },
  },
);

const requestFold = defineRoute(
  {
    method: 'POST',
    path: '/improvement/fold',
    operationId: 'requestImprovementFold',
    summary: 'Puts what the live overlay has learned into the vectors of a second collection, if the gate agrees.',
    scope: 'admin',
  },
  {
    input: ImprovementFoldBody,
    output: ImprovementFoldAnswer,
    run: async (caller) => {
      const { id, state } = await caller.improvement.requestFold();
      return { rollout_id: id, state };
    },
  },
);

const rollBackImprovement = defineRoute(
  {
    method: 'POST',
    path: '/improvement/roll-back',
    operationId: 'rollBackImprovement',
    summary: 'Serves an earlier version of the overlay and holds it.',
    scope: 'admin',
  },
  {
    input: ImprovementRollBackBody,
    output: ImprovementStateAnswer,
    run: async (caller, { collection_id, version }) =>
      stateAnswer(await caller.improvement.rollBackImprovement({ collectionId: collection_id, version })),
  },
);

const eraseUser = defineRoute(
  {
    method: 'POST',
    path: '/clickstream/internal/user/erase',
    operationId: 'eraseUser',
    summary: 'Removes all that is known of a user: sessions, events, interests, and their part in what was learned.',
    scope: 'admin',
  },
  {
    input: EraseUserBody,
    output: EraseUserAnswer,
    run: async (caller, { user_id }) => {
      const { sessions, events, items } = await caller.improvement.eraseUser({ userId: user_id });
      return { sessions, events, objects: items };
    },
  },
);

export const improvementRoutes = [
  getImprovement,
  updateImprovement,
  requestImprovement,
  requestFold,
  rollBackImprovement,
  eraseUser,
];
