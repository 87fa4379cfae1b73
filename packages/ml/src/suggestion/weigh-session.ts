import type { SessionWithEvents } from '@embedding-studio/contracts';
import { type ClickWeightOptions, type DropReason, findFlaw, weighClicks } from '../clicks/index.ts';
import { phraseKey, tokenisePhrase, tokensMax } from './phrase-tokens.ts';

export interface QueryEvidence {
  key: string;
  hadResults: boolean;
  /** 0–1. */
  satisfied: number;
}

const keyLength = { min: 2, max: 200 };

/** Flaws that say something about the query or the answer, and not that nobody sat there. */
const honest: ReadonlySet<DropReason> = new Set(['no_clicks', 'no_shown_list', 'marked_irrelevant']);

/** What one session says about its query as a suggestion; null when it says nothing. */
export function weighSession(session: SessionWithEvents, options: ClickWeightOptions = {}): QueryEvidence | null {
  const key = phraseKey(session.query);
  const tokens = tokenisePhrase(session.query).length;
  if (key.length < keyLength.min || key.length > keyLength.max || tokens > tokensMax) return null;
  // A later page may be empty without the query being so.
  if (typeof session.searchMeta?.offset === 'number' && session.searchMeta.offset > 0) return null;
  const flaw = findFlaw(session, options);
  if (flaw !== null && !honest.has(flaw)) return null;
  const hadResults = session.shown.length > 0;
  const best = Math.max(0, ...weighClicks(session, options).values());
  const satisfied = session.isIrrelevant || !hadResults ? 0 : Math.min(1, best);
  return { key, hadResults, satisfied };
}
