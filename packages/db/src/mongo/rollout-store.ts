import {
  type Rollout,
  type RolloutState,
  type RolloutStore,
  rolloutTransitions,
  StudioError,
} from '@embedding-studio/contracts';
import type { Collection, Filter } from 'mongodb';
import { packJson, requireText, unpackJson } from './document-values.ts';
import { isDuplicateKey } from './mongo-errors.ts';

export interface RolloutDocument extends Omit<Rollout, 'id' | 'gate' | 'verification'> {
  _id: string;
  gateJson: string | null;
  verificationJson: string | null;
}

export interface RolloutParts {
  rollouts: Collection<RolloutDocument>;
  now: () => Date;
}

type Move = Parameters<RolloutStore['advanceRollout']>[0];

function toRollout({ _id, gateJson, verificationJson, ...rest }: RolloutDocument): Rollout {
  return {
    ...rest,
    id: _id,
    gate: gateJson === null ? null : unpackJson(gateJson),
    verification: verificationJson === null ? null : unpackJson(verificationJson),
  };
}

const pack = (value: Record<string, unknown> | null, field: string): string | null =>
  value === null ? null : packJson(value, field);

/** What a change may touch; identity, state and history move by their own rules only. */
function toChange({ gate, verification, ...change }: Partial<Rollout>): Partial<RolloutDocument> {
  const { id: _id, state: _state, transitions: _transitions, createdAt: _at, updatedAt: _then, ...fields } = change;
  return {
    ...fields,
    ...(gate === undefined ? {} : { gateJson: pack(gate, 'gate') }),
    ...(verification === undefined ? {} : { verificationJson: pack(verification, 'verification') }),
  };
}

async function findRollout({ rollouts }: RolloutParts, id: string): Promise<RolloutDocument> {
  const document = await rollouts.findOne({ _id: requireText(id, 'rolloutId') });
  if (document === null) throw new StudioError('ROLLOUT_NOT_FOUND', `No rollout ${id}`, { field: 'rolloutId' });
  return document;
}

function illegal(id: string, from: RolloutState, to: RolloutState): StudioError {
  return new StudioError('TRANSITION_ILLEGAL', `Rollout ${id} is ${from} and cannot become ${to}`);
}

async function advance(parts: RolloutParts, move: Move): Promise<Rollout> {
  const { id, from, to, actor, reason } = move;
  if (!rolloutTransitions[from].includes(to)) throw illegal(id, from, to);
  const at = parts.now();
  const moved = await parts.rollouts.findOneAndUpdate(
    { _id: requireText(id, 'rolloutId'), state: from },
    {
      $set: { ...toChange(move.change ?? {}), state: to, updatedAt: at },
      $push: { transitions: { from, to, at, actor, reason } },
    },
    { returnDocument: 'after' },
  );
  if (moved !== null) return toRollout(moved);
  const current = await findRollout(parts, id);
  if (current.state === to) return toRollout(current);
  throw illegal(id, current.state, to);
}

async function create(
  parts: RolloutParts,
  rollout: Parameters<RolloutStore['createRollout']>[0],
): Promise<{ rollout: Rollout; created: boolean }> {
  const { id, gate, verification, ...fields } = rollout;
  const now = parts.now();
  const document: RolloutDocument = {
    ...fields,
    _id: requireText(id, 'id'),
    gateJson: pack(gate, 'gate'),
    verificationJson: pack(verification, 'verification'),
    transitions: [],
    createdAt: now,
    updatedAt: now,
  };
  try {
    await parts.rollouts.insertOne(document);
    return { rollout: toRollout(document), created: true };
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    return { rollout: toRollout(await findRollout(parts, id)), created: false };
  }
}

export async function createRolloutIndexes(rollouts: Collection<RolloutDocument>): Promise<void> {
  await rollouts.createIndex({ collectionId: 1 });
  await rollouts.createIndex({ state: 1, createdAt: 1 });
  await rollouts.createIndex({ createdAt: 1, _id: 1 });
}

export function createRolloutStore(parts: RolloutParts): RolloutStore {
  const { rollouts } = parts;
  return {
    createRollout: (rollout) => create(parts, rollout),
    getRollout: async (id) => toRollout(await findRollout(parts, id)),
    /** Newest first. */
    async listRollouts({ offset, limit, state }) {
      const filter = state === undefined ? {} : { state: requireText(state, 'state') as RolloutState };
      const found = await rollouts.find(filter).sort({ createdAt: -1, _id: -1 }).skip(offset).limit(limit).toArray();
      return found.map(toRollout);
    },
    async findRollouts({ states, modelId, before, limit }) {
      const filter: Filter<RolloutDocument> = {
        ...(states === undefined ? {} : { state: { $in: states.map((state) => requireText(state, 'state')) } }),
        ...(modelId === undefined ? {} : { modelId: requireText(modelId, 'modelId') }),
        ...(before === null
          ? {}
          : {
              createdAt: { $lte: before.createdAt },
              $or: [{ createdAt: { $lt: before.createdAt } }, { _id: { $lt: requireText(before.id, 'before.id') } }],
            }),
      } as Filter<RolloutDocument>;
      const found = await rollouts.find(filter).sort({ createdAt: -1, _id: -1 }).limit(limit).toArray();
      return found.map(toRollout);
    },
    /** The newest, should a retried rollout have named the same collection. */
    async findRolloutByCollection(collectionId) {
      const filter = { collectionId: requireText(collectionId, 'collectionId') };
      const [found] = await rollouts.find(filter).sort({ createdAt: -1, _id: -1 }).limit(1).toArray();
      return found === undefined ? null : toRollout(found);
    },
    advanceRollout: (move) => advance(parts, move),
    async updateRollout(id, state, change) {
      const $set = { ...toChange(change), updatedAt: parts.now() };
      const filter = { _id: requireText(id, 'rolloutId'), state };
      const changed = await rollouts.findOneAndUpdate(filter, { $set }, { returnDocument: 'after' });
      if (changed !== null) return toRollout(changed);
      const current = await findRollout(parts, id);
      throw new StudioError('TRANSITION_ILLEGAL', `Rollout ${id} is ${current.state}, no longer ${state}`);
    },
  };
}
