import type { Loader, SourceRow } from '../spec/index.ts';
import { type ConformanceCheck, check, expectSame, expectThat } from './check.ts';

export interface LoaderFixture {
  /** A config whose source answers and holds at least three records that do not change meanwhile. */
  config: Record<string, unknown>;
  /** Configs that cannot work, each with the name of the step at which the connection test must stop. */
  broken: readonly { config: Record<string, unknown>; failsAt: string }[];
}

/** Guarantees of a loader, against a real source. */
export function loaderChecks(loader: Loader, fixture: LoaderFixture): ConformanceCheck[] {
  const config = () => loader.config.parse(fixture.config);
  const { signal } = new AbortController();
  const readAll = (cursor: string | null) => collect(loader.read(config(), { cursor, signal }));
  return [
    ...connectionChecks(loader, fixture),
    check('a preview shows at most as many rows as asked, and a column for every field', async () => {
      const { rows, columns } = await loader.preview(config(), { limit: 2, signal });
      expectThat(rows.length > 0 && rows.length <= 2, `${rows.length} rows for a limit of 2`);
      const fields = new Set(rows.flatMap((row) => Object.keys(row)));
      const named = columns.map((column) => column.name);
      expectSame([...fields].sort(), [...new Set(named)].sort(), 'fields and columns differ');
      expectThat(new Set(named).size === named.length, 'a column is named twice');
    }),
    check('keys are unique and two reads give the same', async () => {
      const rows = await readAll(null);
      expectThat(rows.length >= 3, `only ${rows.length} records`);
      const keys = rows.map((row) => row.record.key);
      expectThat(new Set(keys).size === keys.length, 'a key comes twice');
      expectThat(
        keys.every((key) => key.length > 0),
        'a key is empty',
      );
      expectSame(await readAll(null), rows, 'two reads differ');
    }),
    check('a read that goes on from a cursor misses nothing and repeats nothing', async () => {
      const rows = await readAll(null);
      for (const at of new Set([0, Math.floor(rows.length / 2), rows.length - 1])) {
        const rest = await readAll(rows[at]?.cursor ?? null);
        expectSame(keysOf(rest), keysOf(rows.slice(at + 1)), `after record ${at}`);
      }
    }),
    check('cursors are short', async () => {
      const rows = await readAll(null);
      expectThat(
        rows.every((row) => row.cursor.length > 0 && row.cursor.length <= 4_000),
        'a cursor is empty or longer than 4,000 characters',
      );
    }),
    check('an aborted read ends', async () => {
      const stop = new AbortController();
      const seen: string[] = [];
      try {
        for await (const { record } of loader.read(config(), { cursor: null, signal: stop.signal })) {
          seen.push(record.key);
          stop.abort();
        }
      } catch {
        // Ending with the abort as its reason is as good as ending silently.
      }
      const rows = await readAll(null);
      expectThat(seen.length < rows.length, 'the read went on to the end');
    }),
  ];
}

function connectionChecks(loader: Loader, fixture: LoaderFixture): ConformanceCheck[] {
  const { signal } = new AbortController();
  return [
    check('a connection test that succeeds says so at every step', async () => {
      const steps = await loader.testConnection(loader.config.parse(fixture.config), signal);
      expectThat(steps.length > 0, 'no step');
      const failed = steps.filter((step) => !step.ok);
      expectSame(failed, [], 'steps failed');
    }),
    ...fixture.broken.map(({ config, failsAt }) =>
      check(`a connection test stops at «${failsAt}» and says why`, async () => {
        const steps = await loader.testConnection(loader.config.parse(config), signal);
        const last = steps.at(-1);
        expectSame({ name: last?.name, ok: last?.ok }, { name: failsAt, ok: false }, 'the last step');
        expectThat((last?.message ?? '').length > 0, 'no message');
        expectThat(
          steps.slice(0, -1).every((step) => step.ok),
          'a step before the last failed',
        );
      }),
    ),
  ];
}

async function collect(rows: AsyncIterable<SourceRow>): Promise<SourceRow[]> {
  const all: SourceRow[] = [];
  for await (const row of rows) all.push(row);
  return all;
}

function keysOf(rows: readonly SourceRow[]): string[] {
  return rows.map((row) => row.record.key);
}
