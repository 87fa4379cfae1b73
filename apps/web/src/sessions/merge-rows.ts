interface Row {
  sessionId: string;
  at: Date;
}

/** What is known last of each session, newest first. */
export function mergeRows<T extends Row>(stored: readonly T[], news: readonly T[]): T[] {
  if (news.length === 0) return [...stored];
  const byId = new Map(stored.map((row) => [row.sessionId, row]));
  for (const row of news) byId.set(row.sessionId, row);
  return [...byId.values()].sort(
    (left, right) => right.at.getTime() - left.at.getTime() || (left.sessionId < right.sessionId ? 1 : -1),
  );
}
