import type { NewSession } from '@embedding-studio/contracts';
import { findBatch, findCollecting, findLastNumber, moveLateSessions } from './batch-rows.ts';
import { findDuplicates } from './mongo-errors.ts';
import { type SessionDocument, type SessionParts, toSessionDocument } from './session-documents.ts';

type Unnumbered = ReturnType<typeof toSessionDocument>;

interface Waiting {
  documents: Unnumbered[];
  resolve: (created: number) => void;
  reject: (error: unknown) => void;
}

const documentsPerInsert = 1_000;

/**
 * Numbers sessions as it inserts them: each takes the number after the last one that is there, and the unique index on
 * (batch, number) refuses a number taken meanwhile. One write both creates and numbers, so a crash leaves no gap.
 * Calls that arrive while an insert is under way share the next one.
 */
export class SessionRegistrar {
  private waiting: Waiting[] = [];
  private isRunning = false;

  constructor(private readonly parts: SessionParts) {}

  /** How many of them were new. */
  async register(sessions: readonly NewSession[]): Promise<number> {
    const documents = sessions.map(toSessionDocument);
    return new Promise((resolve, reject) => {
      this.waiting.push({ documents, resolve, reject });
      if (!this.isRunning) void this.run();
    });
  }

  private async run(): Promise<void> {
    this.isRunning = true;
    while (this.waiting.length > 0) {
      const turn = this.waiting;
      this.waiting = [];
      await this.settle(turn);
    }
    this.isRunning = false;
  }

  /** The first to bring an id has created it; the same id again in one turn, or in the store, is not new. */
  private async settle(turn: Waiting[]): Promise<void> {
    const owner = new Map<string, Waiting>();
    const fresh: Unnumbered[] = [];
    for (const call of turn)
      for (const document of call.documents) {
        if (owner.has(document._id)) continue;
        owner.set(document._id, call);
        fresh.push(document);
      }
    try {
      const counts = new Map<Waiting, number>();
      for (let start = 0; start < fresh.length; start += documentsPerInsert)
        for (const id of await insertNumbered(this.parts, fresh.slice(start, start + documentsPerInsert))) {
          const call = owner.get(id);
          if (call !== undefined) counts.set(call, (counts.get(call) ?? 0) + 1);
        }
      for (const call of turn) call.resolve(counts.get(call) ?? 0);
    } catch (error) {
      for (const call of turn) call.reject(error);
    }
  }
}

async function dropKnown(parts: SessionParts, documents: Unnumbered[]): Promise<Unnumbered[]> {
  const ids = documents.map((document) => document._id);
  const known = await parts.sessions.find({ _id: { $in: ids } }, { projection: { _id: 1 } }).toArray();
  const taken = new Set(known.map((document) => document._id));
  return documents.filter((document) => !taken.has(document._id));
}

/** Ids of those that were new. */
async function insertNumbered(parts: SessionParts, documents: Unnumbered[]): Promise<string[]> {
  const created: string[] = [];
  let rest = await dropKnown(parts, documents);
  while (rest.length > 0) {
    const batch = await findCollecting(parts);
    const last = await findLastNumber(parts, batch._id);
    const numbered = rest.map((document, i) => ({ ...document, batchId: batch._id, sessionNumber: last + 1 + i }));
    const inserted = await insertInOrder(parts, numbered);
    created.push(...numbered.slice(0, inserted).map((document) => document._id));
    if (inserted > 0) await leaveReleased(parts, batch._id);
    // What stopped the insert was a number or an id that another process took: look again, then go on.
    rest = inserted === rest.length ? [] : await dropKnown(parts, rest.slice(inserted));
  }
  return created;
}

/** How many of them were inserted before the first duplicate. */
async function insertInOrder(parts: SessionParts, documents: SessionDocument[]): Promise<number> {
  try {
    await parts.sessions.insertMany(documents, { ordered: true });
    return documents.length;
  } catch (error) {
    const duplicates = findDuplicates(error);
    if (duplicates === null) throw error;
    return Math.min(...duplicates);
  }
}

/** The batch may have been released between being looked up and being written to. */
async function leaveReleased(parts: SessionParts, batchId: string): Promise<void> {
  const batch = await findBatch(parts, batchId);
  if (batch.status === 'released') await moveLateSessions(parts, batch);
}
