/** What may complete a query: written by an operator (`prob`), learned from sessions (`learned`), or both. */
export interface SuggestionPhrase {
  /** MD5 of the key, 32 hex digits. */
  id: string;
  /** As shown to people. */
  phrase: string;
  /** Lower-case tokens with one space between: what typed text is compared with. */
  key: string;
  labels: string[];
  /** Given by an operator or learned; a request for a domain finds only phrases that have it. */
  domains: string[];
  /** 0–1, given by an operator; null: none was given. */
  prob: number | null;
  /** 0–1, decayed and shrunk share of satisfied sessions; null while fewer people than required have typed it. */
  learned: number | null;
  /** Different people and anonymous sessions that `learned` rests on; 0 when it is null. */
  people: number;
}

/** Scored by `prob` where there is one, else by `learned`. */
export type ServedPhrase = Omit<SuggestionPhrase, 'prob' | 'learned' | 'people'> & { score: number };

/** One session's say about its query. The same session given again replaces what it said before. */
export interface SuggestionEvidence {
  sessionId: string;
  key: string;
  /** One-way code of the user, or of the session when it is anonymous: counted, never shown. */
  contributor: string;
  domain: string | null;
  hadResults: boolean;
  /** 0–1: best satisfaction weight of the session. */
  satisfied: number;
  at: Date;
}

/** When a query may be suggested, and how much its sessions weigh at `now`. */
export interface SuggestionPolicy {
  /** Fewest different people and anonymous sessions (k of k-anonymity). */
  peopleMin: number;
  /** Sessions that an unknown query is presumed to have had, none of them satisfied (κ). */
  shrinkage: number;
  halfLifeDays: number;
  /** Older sessions are forgotten. */
  retentionDays: number;
  now: Date;
}

/** Up to where sessions have been learned from. */
export interface LearningCursor {
  batchId: string;
  sessionNumber: number;
}
