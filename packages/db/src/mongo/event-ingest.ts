import type { IngestOutcome, SessionEvent } from '@embedding-studio/contracts';
import { findReleased } from './batch-rows.ts';
import { isSameEvent, storedLike } from './event-rows.ts';
import { findDuplicates } from './mongo-errors.ts';
import { type EventDocument, type SessionParts, toEventDocument } from './session-documents.ts';

const documentsPerInsert = 2_000;
const insertsAtOnce = 3;
const rememberedMax = 200_000;

interface Placed {
  at: number;
  document: EventDocument;
}

type Refusal = IngestOutcome['refused'][number];

/**
 * Takes events of many sessions. They are written first and compared after: only an id that is there already is read.
 * Which batch a session belongs to is remembered, since it is settled within moments of the session's creation.
 */
export class EventIngest {
  private readonly batchOf = new Map<string, string>();

  constructor(private readonly parts: SessionParts) {}

  async ingest(events: readonly SessionEvent[]): Promise<IngestOutcome> {
    const refused: Refusal[] = [];
    const { first, repeated } = this.splitRepeated(events, refused);
    const known = await this.keepKnown(first, refused);
    const dated = await this.dateAfterRelease(known);
    // Neighbours in the indexes are written together.
    dated.sort((left, right) => (left.document._id < right.document._id ? -1 : 1));
    let created = 0;
    let next = 0;
    const lane = async (): Promise<void> => {
      for (let start = next; start < dated.length; start = next) {
        next += documentsPerInsert;
        const inserted = await this.insert(dated.slice(start, start + documentsPerInsert), refused);
        created += inserted;
      }
    };
    await Promise.all(Array.from({ length: insertsAtOnce }, lane));
    const kept = new Set(refused.map(({ at }) => at));
    const duplicates = first.filter(({ at }) => !kept.has(at)).length - created + repeated;
    return { created, duplicates, refused: refused.sort((left, right) => left.at - right.at) };
  }

  /** The same id twice in one call: the same body is a duplicate, another one a conflict. */
  private splitRepeated(events: readonly SessionEvent[], refused: Refusal[]): { first: Placed[]; repeated: number } {
    const seen = new Map<string, EventDocument>();
    const first: Placed[] = [];
    let repeated = 0;
    events.forEach((event, at) => {
      const document = toEventDocument(event);
      const same = seen.get(document._id);
      if (same === undefined) {
        seen.set(document._id, document);
        first.push({ at, document });
      } else if (isSameEvent(same, document)) repeated++;
      else refused.push({ at, code: 'EVENT_CONFLICT' });
    });
    return { first, repeated };
  }

  private async keepKnown(placed: readonly Placed[], refused: Refusal[]): Promise<Placed[]> {
    const unknown = new Set<string>();
    for (const { document } of placed) if (!this.batchOf.has(document.sessionId)) unknown.add(document.sessionId);
    await this.remember([...unknown]);
    return placed.filter(({ at, document }) => {
      const isKnown = this.batchOf.has(document.sessionId);
      if (!isKnown) refused.push({ at, code: 'SESSION_NOT_FOUND' });
      return isKnown;
    });
  }

  private async remember(ids: readonly string[]): Promise<void> {
    if (this.batchOf.size + ids.length > rememberedMax) this.batchOf.clear();
    for (let start = 0; start < ids.length; start += documentsPerInsert) {
      const page = ids.slice(start, start + documentsPerInsert);
      const found = await this.parts.sessions
        .find({ _id: { $in: page } }, { projection: { batchId: 1 } })
        .batchSize(documentsPerInsert)
        .toArray();
      for (const { _id, batchId } of found) this.batchOf.set(_id, batchId);
    }
  }

  /** A frozen batch must not gain events, so what is stored after its release counts as received after it. */
  private async dateAfterRelease(placed: Placed[]): Promise<Placed[]> {
    const batches = [...new Set(placed.map(({ document }) => this.batchOf.get(document.sessionId) ?? ''))];
    const released = await findReleased(this.parts, batches);
    if (released.size === 0) return placed;
    return placed.map(({ at, document }) => {
      const releasedAt = released.get(this.batchOf.get(document.sessionId) ?? '');
      if (releasedAt === undefined || document.receivedAt > releasedAt) return { at, document };
      return { at, document: { ...document, receivedAt: new Date(releasedAt.getTime() + 1) } };
    });
  }

  private async insert(placed: readonly Placed[], refused: Refusal[]): Promise<number> {
    try {
      await this.parts.events.insertMany(
        placed.map(({ document }) => document),
        { ordered: false },
      );
      return placed.length;
    } catch (error) {
      const taken = findDuplicates(error);
      if (taken === null) throw error;
      await this.compareTaken(
        taken.flatMap((index) => placed[index] ?? []),
        refused,
      );
      return placed.length - taken.length;
    }
  }

  private async compareTaken(taken: readonly Placed[], refused: Refusal[]): Promise<void> {
    const stored = await this.parts.events
      .find(storedLike(taken.map(({ document }) => document)))
      .batchSize(documentsPerInsert)
      .toArray();
    const byId = new Map(stored.map((document) => [document._id, document]));
    for (const { at, document } of taken) {
      const same = byId.get(document._id);
      if (same !== undefined && !isSameEvent(same, document)) refused.push({ at, code: 'EVENT_CONFLICT' });
    }
  }
}
