import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { type Ctx, refreshAnalytics } from '@embedding-studio/core';
import { dumpDocuments } from '@embedding-studio/db/mongo';
import { createProgress, type Progress } from '../../apps/studio/src/terminal/progress.ts';
import { table } from '../../apps/studio/src/terminal/table.ts';
import { createSessionMaker } from '../sessions/make-sessions.ts';
import { openFacts } from '../sessions/open-facts.ts';

export interface DocumentSizesOptions {
  sessions: number;
  json?: string;
}

interface Size {
  collection: string;
  documents: number;
  /** As BSON, and the same compressed by gzip. */
  bytes: number;
  compressedBytes: number;
}

const perWrite = 1_000;
const ending = '.bson.gz';

/** Bytes of documents that sessions leave, by collection: what capacity is planned with. No goal. */
export async function runDocumentSizesBench({
  sessions,
  json,
}: DocumentSizesOptions): Promise<{ isGoalMissed: boolean }> {
  const progress = createProgress();
  const { ctx, url, close } = await openFacts(progress);
  const folder = await mkdtemp(join(tmpdir(), 'studio-document-sizes-'));
  try {
    const events = await writeSessions(ctx, sessions, progress);
    progress.say('following and counting them');
    for (let isDone = false; !isDone; )
      isDone = (await refreshAnalytics({ ctx, input: { owner: 'bench' } }))?.isCaughtUp ?? true;
    const counts = await dumpDocuments({ url, database: 'bench' }, folder);
    const sizes = await readSizes(folder, counts);
    process.stdout.write(`${render({ sessions, events }, sizes)}\n`);
    if (json !== undefined) await writeFile(json, `${JSON.stringify({ sessions, events, sizes }, null, 2)}\n`);
    return { isGoalMissed: false };
  } finally {
    await close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeSessions({ deps }: Ctx, count: number, progress: Progress): Promise<number> {
  const make = createSessionMaker(deps.clock.now(), count);
  let written = 0;
  for (let start = 0; start < count; start += perWrite) {
    if (start % 10_000 === 0) progress.say(`registering sessions: ${start} of ${count}`);
    const page = Array.from({ length: Math.min(perWrite, count - start) }, (_, at) => make(start + at));
    await deps.sessions.registerSessions(
      page.map(
        ({ events: _events, batchId: _batch, sessionNumber: _number, isIrrelevant: _mark, ...session }) => session,
      ),
    );
    const events = page.flatMap((session) => session.events);
    await deps.sessions.ingestEvents(events);
    written += events.length;
  }
  return written;
}

async function readSizes(folder: string, counts: Record<string, number>): Promise<Size[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith(ending));
  const sizes = await Promise.all(
    files.map(async (file) => {
      const compressed = await readFile(join(folder, file));
      const collection = file.slice(0, -ending.length);
      const bytes = (await promisify(gunzip)(compressed)).length;
      return { collection, documents: counts[collection] ?? 0, bytes, compressedBytes: compressed.length };
    }),
  );
  return sizes.filter(({ documents }) => documents > 0).sort((left, right) => right.bytes - left.bytes);
}

function render({ sessions, events }: { sessions: number; events: number }, sizes: readonly Size[]): string {
  const each = (value: number) => Math.round((value * 1_000) / sessions).toLocaleString('en');
  const total = (of: (size: Size) => number) => each(sizes.reduce((sum, size) => sum + of(size), 0));
  const rows = sizes.map((size) => [
    size.collection,
    each(size.documents),
    each(size.bytes),
    each(size.compressedBytes),
  ]);
  const all = ['all', total(({ documents }) => documents), total(({ bytes }) => bytes)];
  return [
    `${sessions.toLocaleString('en')} sessions of 10 hits, ${events.toLocaleString('en')} events; for each 1,000 sessions:`,
    ...table(
      ['collection', 'documents', 'bytes as BSON', 'bytes, gzip'],
      [...rows, [...all, total(({ compressedBytes }) => compressedBytes)]],
    ),
  ].join('\n');
}
