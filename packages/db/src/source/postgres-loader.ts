import {
  isStudioError,
  type Loader,
  type LoaderPreview,
  type LoaderStep,
  pluginApiVersion,
  type SourceRow,
} from '@embedding-studio/contracts';
import { z } from 'zod';
import { inferRowColumns } from './infer-row-columns.ts';
import { invalid, knock, type ResolveHost, SourceSession } from './source-session.ts';

const Column = z.string().min(1).max(63);
const PostgresConfig = z
  .strictObject({
    host: z.string().min(1).max(253),
    port: z.number().int().min(1).max(65_535).default(5_432),
    database: z.string().min(1).max(63),
    user: z.string().min(1).max(63),
    password: z.string().min(1).max(1_000).optional().meta({ secret: true }),
    tls: z.enum(['off', 'require', 'verify']).default('off').describe('verify: also the certificate of the server.'),
    table: z.string().min(1).max(130).optional().describe('A table or view, with its schema if need be: `shop.items`.'),
    query: z.string().min(1).max(20_000).optional().describe('One SELECT, in place of a table.'),
    keyColumn: Column.default('id').describe('Tells rows apart; never null.'),
    cursorColumn: Column.optional().describe(
      'Grows with every change of a row, e.g. `updated_at`; default: the key, which finds new rows only. An index on (cursor, key) makes reading fast. Rows where it is null are left out.',
    ),
    deletedColumn: Column.optional().describe('Rows where it is true, or a time, are deleted here too.'),
  })
  .refine((config) => (config.table === undefined) !== (config.query === undefined), {
    path: ['table'],
    message: 'give a table or a query, and not both',
  });
type PostgresConfig = z.infer<typeof PostgresConfig>;

const pageRows = 500;

/** Rows of a PostgreSQL table or query, in the order of a column that grows. */
export function createPostgresLoader({ resolveHost }: { resolveHost: ResolveHost }): Loader<PostgresConfig> {
  return {
    apiVersion: pluginApiVersion,
    kind: 'loader',
    id: 'postgres',
    version: '1.0.0',
    title: 'PostgreSQL',
    description:
      'Reads the rows of a table, a view or a query, all columns and JSON documents included, in read-only transactions. A sync goes on after the last row by the cursor column; rows that are committed late with an older cursor value need a full sync.',
    config: PostgresConfig,
    needs: ['network', 'secrets'],
    testConnection: (config, signal) => testConnection(resolveHost, { config, signal }),
    async preview(config, { limit, signal }): Promise<LoaderPreview> {
      const rows: Record<string, unknown>[] = [];
      for await (const { record } of read(resolveHost, { config, signal, cursor: null, pageRows: limit })) {
        rows.push(record.fields);
        if (rows.length >= limit) break;
      }
      return { rows, columns: inferRowColumns(rows) };
    },
    read: (config, { cursor, signal }) => read(resolveHost, { config, signal, cursor, pageRows }),
  };
}

async function testConnection(
  resolveHost: ResolveHost,
  { config, signal }: { config: PostgresConfig; signal: AbortSignal },
): Promise<LoaderStep[]> {
  const steps: LoaderStep[] = [];
  const attempt = async (name: string, act: () => Promise<string>) => {
    steps.push({ name, ok: false, message: '' });
    steps[steps.length - 1] = { name, ok: true, message: await act() };
  };
  let address = '';
  let session: SourceSession | undefined;
  let rows: PageRow[] = [];
  try {
    await attempt('resolve', async () => {
      address = (await resolveHost(config.host)).address;
      return `${config.host} is ${address}`;
    });
    await attempt('connect', async () => {
      await knock({ address, port: config.port }, signal);
      return `port ${config.port} answers`;
    });
    await attempt('authenticate', async () => {
      session = await SourceSession.open(config, resolveHost, signal);
      return `${config.user} may read ${config.database}`;
    });
    await attempt('list', async () => {
      await session?.read(pageSql(config, { hasCursor: false, limit: 0 }), []);
      return 'table and columns are there';
    });
    await attempt('read', async () => {
      rows = (await session?.read<PageRow>(pageSql(config, { hasCursor: false, limit: 1 }), [])) ?? [];
      return rows.length === 0 ? 'there is no row' : 'a row can be read';
    });
    await attempt('parse', async () => `columns: ${Object.keys(rows[0]?.fields ?? {}).join(', ') || 'none yet'}`);
  } catch (error) {
    const message = isStudioError(error) ? error.publicMessage : String(error);
    const last = steps.at(-1);
    if (last !== undefined) last.message = message.slice(0, 500);
  } finally {
    await session?.close();
  }
  return steps;
}

interface PageRow {
  fields: Record<string, unknown>;
  key: string;
  cursor: string;
  isDeleted: boolean;
}

async function* read(
  resolveHost: ResolveHost,
  options: { config: PostgresConfig; signal: AbortSignal; cursor: string | null; pageRows: number },
): AsyncGenerator<SourceRow> {
  const { config, signal } = options;
  let last = options.cursor === null ? null : readCursor(options.cursor);
  const session = await SourceSession.open(config, resolveHost, signal);
  try {
    for (;;) {
      const text = pageSql(config, { hasCursor: last !== null, limit: options.pageRows });
      const values = last === null ? [] : cursorOf(config) === config.keyColumn ? [last.key] : [last.cursor, last.key];
      const rows: PageRow[] = await session.read<PageRow>(text, values);
      for (const { fields, key, cursor, isDeleted } of rows) {
        signal.throwIfAborted();
        const record = isDeleted ? { key, fields: {}, isDeleted } : { key, fields };
        yield { record, cursor: JSON.stringify([cursor, key]) };
      }
      last = rows.at(-1) ?? null;
      if (rows.length < options.pageRows || last === null) return;
    }
  } finally {
    await session.close();
  }
}

function cursorOf(config: PostgresConfig): string {
  return config.cursorColumn ?? config.keyColumn;
}

/** Keyset: each page begins right after the last row of the one before, however many rows there are. */
function pageSql(config: PostgresConfig, { hasCursor, limit }: { hasCursor: boolean; limit: number }): string {
  const key = `q.${quote(config.keyColumn)}`;
  const cursor = `q.${quote(cursorOf(config))}`;
  const isDeleted = config.deletedColumn === undefined ? 'false' : deletedSql(`q.${quote(config.deletedColumn)}`);
  const order = cursor === key ? key : `${cursor}, ${key}`;
  const after = cursor === key ? `${key} > $1` : `(${cursor}, ${key}) > ($1, $2)`;
  return `SELECT to_jsonb(q) AS fields, ${key}::text AS key, ${cursor}::text AS cursor, ${isDeleted} AS "isDeleted"
            FROM (${sourceSql(config)}\n) AS q
           WHERE ${key} IS NOT NULL AND ${cursor} IS NOT NULL${hasCursor ? ` AND ${after}` : ''}
           ORDER BY ${order} LIMIT ${limit}`;
}

/** Any value but null, false, 0 and the empty text. */
function deletedSql(column: string): string {
  return `coalesce(${column}::text NOT IN ('false', '0', ''), false)`;
}

function sourceSql({ table, query }: PostgresConfig): string {
  if (query !== undefined) return query.trim().replace(/;+$/, '');
  const names = (table ?? '').split('.');
  if (names.length > 2 || names.some((name) => name === '')) throw invalid('table', 'is no name of a table');
  return `SELECT * FROM ${names.map(quote).join('.')}`;
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

const Cursor = z.tuple([z.string(), z.string()]);

function readCursor(text: string): { cursor: string; key: string } {
  try {
    const [cursor, key] = Cursor.parse(JSON.parse(text));
    return { cursor, key };
  } catch (cause) {
    throw invalid('cursor', 'is not one of this loader; sync in full', cause);
  }
}
