import type {
  LearningCursor,
  ServedPhrase,
  SuggestionEvidence,
  SuggestionPhrase,
  SuggestionPolicy,
} from '../suggestion.ts';

export interface NewPhrase {
  id: string;
  phrase: string;
  key: string;
  labels: readonly string[];
  domains: readonly string[];
  prob: number;
}

export interface PhraseChange {
  prob?: number;
  addLabels?: readonly string[];
  removeLabels?: readonly string[];
  addDomains?: readonly string[];
  removeDomains?: readonly string[];
}

/** All conditions must hold; an absent one always does. */
export interface PhrasePage {
  offset: number;
  limit: number;
  /** Only keys behind this one. */
  after?: string;
  /** The key holds it. */
  text?: string;
  label?: string;
  domain?: string;
  /** `given`: has an operator's probability; `learned`: has one that sessions taught. */
  source?: 'given' | 'learned';
}

export interface PrefixQuery {
  /** Beginnings of keys. One that ends in a space asks for a further word. */
  prefixes: readonly string[];
  domain: string | null;
  label: string | null;
  /** Phrases wanted of each prefix, best score first. */
  limit: number;
}

/** Phrases that complete queries, and the sessions that they are learned from (Postgres). */
export interface SuggestionStore {
  /** Inserts, or replaces what an operator gave; a deleted phrase comes back. */
  addPhrases(phrases: readonly NewPhrase[]): Promise<void>;
  findPhrase(id: string): Promise<SuggestionPhrase | null>;
  /** null when unknown. */
  changePhrase(id: string, change: PhraseChange): Promise<SuggestionPhrase | null>;
  /** Never suggested again, learned or not, until it is added again. False when unknown. */
  deletePhrase(id: string): Promise<boolean>;
  /** From all phrases; how many had one of them. */
  removeEverywhere(from: 'labels' | 'domains', values: readonly string[]): Promise<number>;
  /** Ordered by key. */
  listPhrases(page: PhrasePage): Promise<SuggestionPhrase[]>;
  /** Best first within each prefix; `prefix` is the index of the one that matched. */
  findByPrefix(query: PrefixQuery): Promise<(ServedPhrase & { prefix: number })[]>;
  /** Words of phrases that have one of these signatures (see `wordSignatures` of the ml package). */
  findWords(signatures: readonly string[], limit: number): Promise<string[]>;
  getCursor(): Promise<LearningCursor | null>;
  /** Stores the sessions, moves the cursor and settles what may be suggested, in one transaction. Idempotent. */
  recordEvidence(input: {
    evidence: readonly SuggestionEvidence[];
    cursor: LearningCursor;
    policy: SuggestionPolicy;
  }): Promise<void>;
  /** Forgets what is too old and lets every score decay to `policy.now`. Returns how many phrases are learned now. */
  rescore(policy: SuggestionPolicy): Promise<{ learned: number; forgotten: number }>;
  /** Removes what somebody contributed and settles the phrases concerned, in one transaction. Returns the sessions removed. */
  eraseContributor(contributor: string, policy: SuggestionPolicy): Promise<number>;
}
