import type {
  KindMinute,
  KindPause,
  TaskKind,
  WorkerBeat,
  WorkerRecord,
  WorkerRegistry,
} from '@embedding-studio/contracts';
import type { Collection } from 'mongodb';
import { requireText } from './document-values.ts';

export interface WorkerDocument extends Omit<WorkerBeat, 'id'> {
  _id: string;
  beatAt: Date;
}

export interface MinuteDocument extends KindMinute {
  /** `<kind>:<minute>`. */
  _id: string;
}

export interface PauseDocument extends Omit<KindPause, 'kind'> {
  _id: TaskKind;
}

export interface WorkerParts {
  workers: Collection<WorkerDocument>;
  minutes: Collection<MinuteDocument>;
  pauses: Collection<PauseDocument>;
  now: () => Date;
}

/** A beat is due every five seconds. */
const staleMs = 20_000;
const forgottenSeconds = 3_600;
const minutesKeptSeconds = 2 * 86_400;

export async function createWorkerIndexes({ workers, minutes }: WorkerParts): Promise<void> {
  await workers.createIndex({ beatAt: 1 }, { expireAfterSeconds: forgottenSeconds });
  await minutes.createIndex({ minute: 1 }, { expireAfterSeconds: minutesKeptSeconds });
}

export function createWorkerRegistry(parts: WorkerParts): WorkerRegistry {
  const { workers, minutes, pauses, now } = parts;
  return {
    async beat({ id, ...beat }, counts) {
      await workers.replaceOne({ _id: requireText(id, 'id') }, { ...beat, beatAt: now() }, { upsert: true });
      if (counts.length > 0) await minutes.bulkWrite(counts.map(addToMinute), { ordered: false });
    },
    async forgetWorker(id) {
      await workers.deleteOne({ _id: requireText(id, 'id') });
    },
    async listWorkers() {
      const documents = await workers.find().sort({ startedAt: 1, _id: 1 }).limit(1_000).toArray();
      const liveSince = now().getTime() - staleMs;
      const records = documents.map((document) => toWorker(document, liveSince));
      return [...records.filter(({ isLive }) => isLive), ...records.filter(({ isLive }) => !isLive)];
    },
    async listMinutes(since) {
      const found = await minutes
        .find({ minute: { $gte: since } })
        .sort({ minute: 1 })
        .toArray();
      return found.map(({ _id, ...minute }) => minute);
    },
    async pauseKinds(kinds, { reason, actor }) {
      const $setOnInsert = { reason, actor, at: now() };
      for (const kind of kinds)
        await pauses.updateOne({ _id: requireText(kind, 'kind') as TaskKind }, { $setOnInsert }, { upsert: true });
    },
    async resumeKinds(kinds) {
      await pauses.deleteMany({ _id: { $in: kinds.map((kind) => requireText(kind, 'kind') as TaskKind) } });
    },
    async listPauses() {
      const found = await pauses.find().sort({ _id: 1 }).toArray();
      return found.map(({ _id, ...pause }) => ({ kind: _id, ...pause }));
    },
  };
}

function toWorker({ _id, ...document }: WorkerDocument, liveSince: number): WorkerRecord {
  return { id: _id, ...document, isLive: document.beatAt.getTime() >= liveSince };
}

function addToMinute({ kind, minute, ...counted }: KindMinute) {
  const _id = `${kind}:${minute.toISOString()}`;
  return { updateOne: { filter: { _id }, update: { $inc: counted, $set: { kind, minute } }, upsert: true } };
}
