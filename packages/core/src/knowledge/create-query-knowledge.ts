import {
  type Clock,
  type Log,
  type QueryKnowledge,
  type SessionStore,
  toStudioError,
  type WordStore,
} from '@embedding-studio/contracts';
import { loadCoClicks } from './load-co-clicks.ts';
import { loadVocabulary } from './load-vocabulary.ts';

export interface QueryKnowledgeOptions {
  words: WordStore;
  sessions: SessionStore;
  clock: Clock;
  log: Log;
}

/** Age at which what was loaded is loaded again, while the old goes on answering. */
const lifeMs = 10 * 60_000;

/** What query processors look up, kept in this process; nothing is read before a plugin needs it. */
export function createQueryKnowledge({ words, sessions, clock, log }: QueryKnowledgeOptions): QueryKnowledge {
  const vocabulary = new Refreshed('vocabulary', { load: () => loadVocabulary(words), clock, log });
  const coClicks = new Refreshed('co-clicks', { load: () => loadCoClicks(sessions), clock, log });
  return {
    vocabulary: () => vocabulary.recall(),
    coClicks: () => coClicks.recall(),
    refresh: async () => {
      await Promise.all([vocabulary.load(), coClicks.load()]);
    },
  };
}

class Refreshed<T> {
  private value: T | null = null;
  private triedAt = Number.NEGATIVE_INFINITY;
  private loading: Promise<void> | null = null;

  constructor(
    private readonly name: string,
    private readonly parts: { load: () => Promise<T>; clock: Clock; log: Log },
  ) {}

  /** The last value, however old; starts to load where that is due. */
  recall(): T | null {
    const age = this.parts.clock.now().getTime() - this.triedAt;
    // What fails is logged and tried again after the same while: a search never waits for it.
    if (age >= lifeMs) this.load().catch(() => undefined);
    return this.value;
  }

  load(): Promise<void> {
    this.loading ??= this.run().finally(() => {
      this.loading = null;
    });
    return this.loading;
  }

  private async run(): Promise<void> {
    const { load, clock, log } = this.parts;
    this.triedAt = clock.now().getTime();
    try {
      this.value = await load();
    } catch (error) {
      log.warn({ what: this.name, code: toStudioError(error).code }, 'look-ups of query processors not loaded');
      throw error;
    }
  }
}
