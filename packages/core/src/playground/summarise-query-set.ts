import { meanOf, pairedBootstrap } from '@embedding-studio/stats';

/** One query of a set: every further column beside the first. */
export interface ComparedQuery {
  query: string;
  /** Sessions that asked it; null for queries of the golden set. */
  sessions: number | null;
  others: { jaccard: number; rbo: number; isTopKept: boolean }[];
  /** Of every column, the first among them; null where nothing relevant is known. */
  ndcg10: (number | null)[];
}

export interface ColumnSummary {
  /** Means over the queries, against the first column; null for the first column itself, or without queries. */
  jaccard: number | null;
  rbo: number | null;
  /** Share of the queries whose first hit is the first column's. */
  topKept: number | null;
  /** Mean over the judged queries; null without any. */
  ndcg10: number | null;
  /** nDCG@10 less the first column's, with a 95 % interval; null below two judged queries. */
  delta: { mean: number; lo: number; hi: number } | null;
  wins: number;
  losses: number;
}

export interface QuerySetSummary {
  queries: ComparedQuery[];
  judged: number;
  columns: ColumnSummary[];
}

const seed = 7;

/** Means by column, and the queries with the greatest disagreement first. */
export function summariseQuerySet(compared: readonly ComparedQuery[], columns: number): QuerySetSummary {
  const queries = [...compared].sort((left, right) => agreementOf(left) - agreementOf(right));
  return {
    queries,
    judged: compared.filter(({ ndcg10 }) => ndcg10[0] !== null && ndcg10[0] !== undefined).length,
    columns: Array.from({ length: columns }, (_, column) => summariseColumn(compared, column)),
  };
}

/** The least over the columns: a query that one setting turns upside down comes first. */
function agreementOf({ others }: ComparedQuery): number {
  return Math.min(...others.map(({ rbo }) => rbo));
}

function summariseColumn(compared: readonly ComparedQuery[], column: number): ColumnSummary {
  const beside = column === 0 ? [] : compared.flatMap(({ others }) => others[column - 1] ?? []);
  const judged = compared.flatMap(({ ndcg10 }) => {
    const [base, own] = [ndcg10[0], ndcg10[column]];
    return typeof base === 'number' && typeof own === 'number' ? [{ base, own }] : [];
  });
  const differences = judged.map(({ base, own }) => own - base);
  return {
    jaccard: meanOrNull(beside.map(({ jaccard }) => jaccard)),
    rbo: meanOrNull(beside.map(({ rbo }) => rbo)),
    topKept: meanOrNull(beside.map(({ isTopKept }) => Number(isTopKept))),
    ndcg10: meanOrNull(judged.map(({ own }) => own)),
    delta: column === 0 ? null : intervalOf(differences),
    wins: differences.filter((difference) => difference > 1e-9).length,
    losses: differences.filter((difference) => difference < -1e-9).length,
  };
}

function intervalOf(differences: readonly number[]): ColumnSummary['delta'] {
  const found = pairedBootstrap(differences, { seed, resamples: 2_000 });
  return found.kind === 'estimated' ? { mean: found.mean, lo: found.lo, hi: found.hi } : null;
}

function meanOrNull(values: readonly number[]): number | null {
  return values.length === 0 ? null : meanOf(values);
}
