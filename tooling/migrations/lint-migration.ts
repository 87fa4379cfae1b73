export interface MigrationContext {
  /** Of the product, as in package.json. */
  version: string;
  /** Tables that grow with the catalogue or its users. */
  bigTables: ReadonlySet<string>;
}

const breakpoint = '--> statement-breakpoint';
const contractMark = /^-- contract: last used by (\d+\.\d+\.\d+)$/m;

/**
 * Why a migration is not safe beside the release that still runs, one sentence each. Expanding is free: new tables, new
 * columns that may be empty or have a default. What takes away says `-- contract: last used by VERSION`, and that version
 * has to be an earlier one than the product's.
 */
export function lintMigration(text: string, { version, bigTables }: MigrationContext): string[] {
  const made = new Set([...text.matchAll(/CREATE TABLE (?:IF NOT EXISTS )?"?(\w+)"?/gi)].map((match) => match[1] ?? ''));
  const lastUse = contractMark.exec(text)?.[1];
  const isContract = lastUse !== undefined;
  const statements = text
    .split(breakpoint)
    .flatMap((part) => withoutBodies(part).split(';'))
    .map((statement) => statement.replace(/--.*$/gm, '').replace(/\s+/g, ' ').trim());
  const faults = statements.flatMap((statement) => [
    ...(isContract ? [] : findLoss(statement, { made, text })),
    ...findLocks(statement, { made, bigTables }),
  ]);
  if (isContract && !isBefore(lastUse, version))
    faults.push(`It takes away what ${lastUse} uses, and this is ${version}: a release has to lie between.`);
  return faults;
}

/** Functions hold statements of their own, which run later. */
function withoutBodies(text: string): string {
  return text.replace(/\$(\w*)\$.*?\$\1\$/gs, "''");
}

function findLoss(statement: string, { made, text }: { made: ReadonlySet<string>; text: string }): string[] {
  const table = /ALTER TABLE (?:ONLY )?(?:IF EXISTS )?"?(\w+)"?/i.exec(statement)?.[1] ?? '';
  const own = made.has(table);
  const dropped = /\bDROP (TABLE|COLUMN|VIEW|TYPE|FUNCTION|SCHEMA) /i.exec(statement)?.[1];
  const constraint = /\bDROP CONSTRAINT (?:IF EXISTS )?"?(\w+)"?/i.exec(statement)?.[1];
  const isReplaced = constraint === undefined || new RegExp(`ADD CONSTRAINT "?${constraint}"?`, 'i').test(text);
  const isRenamed = /^ALTER .*\bRENAME\b/i.test(statement);
  const isRetyped = /\bALTER COLUMN .*\b(SET DATA )?TYPE\b/i.test(statement);
  const isTightened =
    /\bSET NOT NULL\b/i.test(statement) ||
    (/\bADD COLUMN\b/i.test(statement) && /\bNOT NULL\b/i.test(statement) && !/\bDEFAULT\b/i.test(statement));
  return [
    ...(dropped === undefined || own ? [] : [`It drops a ${dropped.toLowerCase()} that the release before may use.`]),
    ...(isReplaced || own ? [] : [`It drops the constraint ${constraint} and puts none in its place.`]),
    ...(isRenamed && !own ? ['It renames what the release before knows by its old name.'] : []),
    ...(isRetyped && !own ? ['It changes a type that the release before writes.'] : []),
    ...(isTightened && !own ? [`It asks ${table} for a value that the release before does not write.`] : []),
  ];
}

/** Migrations run in a transaction, where no index can be made concurrently: big tables get theirs while workers run. */
function findLocks(statement: string, tables: { made: ReadonlySet<string>; bigTables: ReadonlySet<string> }): string[] {
  const table = /^CREATE (?:UNIQUE )?INDEX .*? ON (?:ONLY )?"?(\w+)"?/i.exec(statement)?.[1];
  if (table === undefined || tables.made.has(table) || !tables.bigTables.has(table)) return [];
  return [`It indexes ${table} while writes wait for it.`];
}

function isBefore(left: string, right: string): boolean {
  const [a, b] = [left, right].map((version) => version.split('.').map(Number));
  const place = [0, 1, 2].find((index) => a?.[index] !== b?.[index]);
  return place !== undefined && (a?.[place] ?? 0) < (b?.[place] ?? 0);
}
