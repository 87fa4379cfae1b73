const known = new Map<string, string>();
/** Filters make new texts without end; beyond this many they are named by their verb alone. */
const knownMax = 2_000;

/** What a statement does to which table, for spans: `SELECT items`. Never a value, and one name for all collections. */
export function nameStatement(text: string): string {
  const found = known.get(text);
  if (found !== undefined) return found;
  const verb = /^\s*([a-z]+)/i.exec(text)?.[1]?.toUpperCase() ?? 'SQL';
  if (known.size >= knownMax) return verb;
  const table = /\b(?:from|into|update|table)\s+(?:only\s+)?"?([a-z_]+)/i.exec(text)?.[1]?.toLowerCase();
  const name = table === undefined ? verb : `${verb} ${table.replace(/_col_[a-z]*$/, '')}`;
  known.set(text, name);
  return name;
}
