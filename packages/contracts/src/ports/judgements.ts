import type { GoldenRun, GoldenScore } from '../golden-run.ts';
import type { JudgedItem, JudgedQuerySummary, Judgement } from '../judgement.ts';

/** The golden set (Postgres). One grade per query, item and judge. */
export interface JudgementStore {
  /** The same judge again replaces the grade. */
  putJudgement(judgement: Omit<Judgement, 'judgedAt'>): Promise<void>;
  /** All or none of them, many at once; grades that the judge gave before are replaced. */
  putJudgements(judgements: readonly Omit<Judgement, 'judgedAt'>[]): Promise<void>;
  /** False when there was none. */
  deleteJudgement(of: Pick<Judgement, 'queryKey' | 'itemId' | 'judge'>): Promise<boolean>;
  /** All grades of these queries. */
  listJudgements(queryKeys: readonly string[]): Promise<Judgement[]>;
  /** Queries with judged items, keyset by `queryKey`. */
  listJudgedQueries(page: { after: string | null; limit: number }): Promise<JudgedQuerySummary[]>;
  /** Keyset by query and item. */
  listJudgedItems(page: { after: Pick<Judgement, 'queryKey' | 'itemId'> | null; limit: number }): Promise<JudgedItem[]>;
  /**
   * What the golden set said of the live search. A run that is there already stays as it is; scores of all but the newest
   * ten runs are forgotten.
   */
  putGoldenRun(run: GoldenRun, scores: readonly GoldenScore[]): Promise<void>;
  /** Newest first. */
  listGoldenRuns(page: { limit: number }): Promise<GoldenRun[]>;
  /** Empty when they are forgotten. */
  listGoldenScores(runId: string): Promise<GoldenScore[]>;
}
