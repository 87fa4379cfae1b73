import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startDocumentServer } from '../src/index.ts';
import { Journal } from '../src/journal.ts';
import { encodeFrame, readFrames } from '../src/journal-frames.ts';
import { makeFolder, openServer } from './server-folder.ts';

const ids = async (folder: string) => {
  const { client, server, db } = await openServer({ folder });
  const found = await db.collection('rows').distinct('_id');
  await client.close();
  await server.close();
  return found;
};

/** The folder as a crash would leave it: copied while the server still holds its journal. */
async function crashedFolder(): Promise<string> {
  const running = makeFolder();
  const { db } = await openServer({ folder: running });
  for (let id = 1; id <= 3; id++) await db.collection('rows').insertOne({ _id: id as never, text: 'x'.repeat(50) });
  return copyOf(running);
}

function copyOf(folder: string): string {
  const copy = makeFolder();
  for (const name of readdirSync(folder)) if (name !== 'lock') copyFileSync(join(folder, name), join(copy, name));
  return copy;
}

it('keeps documents, changes, removals, indexes and drops over a restart', async () => {
  const folder = makeFolder();
  const { client, server, db } = await openServer({ folder });
  const rows = db.collection('rows');
  await rows.createIndex({ key: 1 }, { unique: true });
  await rows.insertMany([
    { _id: 1 as never, key: 'a' },
    { _id: 2 as never, key: 'b' },
  ]);
  await rows.updateOne({ key: 'b' }, { $set: { key: 'c' } });
  await rows.deleteOne({ key: 'a' });
  await db.collection('gone').insertOne({ a: 1 });
  await db.collection('gone').drop();
  await db.createCollection('empty');
  await client.close();
  await server.close();

  const again = await openServer({ folder });
  expect(await again.db.collection('rows').find().toArray()).toEqual([{ _id: 2, key: 'c' }]);
  await expect(again.db.collection('rows').insertOne({ key: 'c' })).rejects.toMatchObject({ code: 11000 });
  await again.db.collection('rows').insertOne({ key: 'a' });
  const names = (await again.db.listCollections().toArray()).map(({ name }) => name);
  expect(names.sort()).toEqual(['empty', 'rows']);
});

it('writes what several clients change in one tick with a single flush', async () => {
  const path = join(makeFolder(), 'journal');
  const journal = new Journal(path);
  const commits = [1, 2, 3].map((n) => {
    journal.append({ n });
    return journal.commit();
  });
  await Promise.all(commits);
  journal.append({ n: 4 });
  await journal.close();
  const file = openSync(path, 'r');
  const records: unknown[] = [];
  expect(readFrames(file, statSync(path).size, ({ n }) => records.push(n))).toBe(statSync(path).size);
  expect(records).toEqual([1, 2, 3, 4]);
  expect(readFileSync(path).toString('latin1').split('ESJ1')).toHaveLength(3);
});

it('cuts a write torn by a crash and keeps every one before it', async () => {
  const whole = await crashedFolder();
  const path = join(whole, 'journal-0');
  const size = statSync(path).size;
  for (const lost of [1, 20, 60]) {
    const folder = makeFolder();
    copyFileSync(path, join(folder, 'journal-0'));
    truncateSync(join(folder, 'journal-0'), size - lost);
    expect(await ids(folder)).toEqual([1, 2]);
    expect(await ids(folder)).toEqual([1, 2]);
  }
  appendFileSync(path, Buffer.alloc(300));
  expect(await ids(whole)).toEqual([1, 2, 3]);
});

it('refuses a journal that is damaged before its end, and leaves it as it is', async () => {
  const folder = await crashedFolder();
  const path = join(folder, 'journal-0');
  const sound = readFileSync(path);
  for (const at of [0, 6, 9, 40]) {
    const bytes = Buffer.from(sound);
    bytes.writeUInt8(bytes.readUInt8(at) ^ 0xff, at);
    writeFileSync(path, bytes);
    await expect(startDocumentServer({ port: 0, folder })).rejects.toThrow(/damaged at byte 0, before its end/);
    expect(readFileSync(path).equals(bytes)).toBe(true);
  }
  writeFileSync(path, sound);
  expect(await ids(folder)).toEqual([1, 2, 3]);
});

it('refuses a snapshot that is damaged or cut short, and a folder that lacks a part', async () => {
  const folder = await crashedFolder();
  expect(await ids(folder)).toEqual([1, 2, 3]);
  const path = join(folder, 'snapshot');
  const sound = readFileSync(path);
  const lastFrame = sound.lastIndexOf('ESJ1');
  const flipped = Buffer.from(sound);
  flipped.writeUInt8(flipped.readUInt8(30) ^ 1, 30);
  for (const bytes of [sound.subarray(0, -1), sound.subarray(0, lastFrame), Buffer.alloc(0), flipped]) {
    writeFileSync(path, bytes);
    await expect(startDocumentServer({ port: 0, folder })).rejects.toThrow(/snapshot .* is damaged/);
  }
  const orphan = makeFolder();
  copyFileSync(join(folder, 'journal-1'), join(orphan, 'journal-1'));
  await expect(startDocumentServer({ port: 0, folder: orphan })).rejects.toThrow(/lacks its snapshot/);
});

it('survives a crash at each step of a compaction', async () => {
  const beforeRename = await crashedFolder();
  writeFileSync(join(beforeRename, 'snapshot.draft'), 'half a snap');
  writeFileSync(join(beforeRename, 'journal-1'), '');
  expect(await ids(beforeRename)).toEqual([1, 2, 3]);
  expect(existsSync(join(beforeRename, 'snapshot.draft'))).toBe(false);

  const afterRename = await crashedFolder();
  const oldJournal = readFileSync(join(afterRename, 'journal-0'));
  expect(await ids(afterRename)).toEqual([1, 2, 3]);
  const { client, server, db } = await openServer({ folder: afterRename });
  await db.collection('rows').deleteOne({ _id: 2 as never });
  await client.close();
  await server.close();
  writeFileSync(join(afterRename, 'journal-0'), oldJournal);
  expect(await ids(afterRename)).toEqual([1, 3]);
  expect(existsSync(join(afterRename, 'journal-0'))).toBe(false);
});

it('loses nothing when it compacts its journal between writes', async () => {
  const folder = makeFolder();
  const { db } = await openServer({ folder, ttlIntervalMs: 5, compactAtBytes: 2_000 });
  const rows = db.collection('rows');
  let id = 0;
  const write = async () => {
    while (id < 300) await rows.insertOne({ _id: id++ as never, text: 'x'.repeat(50) });
  };
  await Promise.all([write(), write(), write()]);
  const later = readdirSync(folder).filter((name) => /^journal-[1-9]/.test(name));
  expect(later).not.toHaveLength(0);
  const crashed = makeFolder();
  for (const name of ['snapshot', ...later]) copyFileSync(join(folder, name), join(crashed, name));
  expect(await ids(crashed)).toEqual(Array.from({ length: 300 }, (_, n) => n));
});

it('answers and takes changes while it compacts, and has them all after a crash at any point of that', async () => {
  const folder = makeFolder();
  const count = 10_000;
  const { db } = await openServer({ folder, ttlIntervalMs: 20, compactAtBytes: 10_000_000 });
  const rows = db.collection('rows');
  await rows.createIndex({ turn: 1 });
  const text = 'x'.repeat(1_500);
  await rows.insertMany(Array.from({ length: count }, (_, n) => ({ _id: n as never, turn: 0, text })));
  const crashed: string[] = [];
  let turns = 0;
  while (!existsSync(join(folder, 'snapshot'))) {
    turns += 1;
    await rows.updateOne({ _id: (count - turns) as never }, { $set: { turn: turns } });
    await rows.deleteOne({ _id: turns as never });
    await rows.insertOne({ _id: (count + turns) as never, turn: turns });
    if (existsSync(join(folder, 'snapshot.draft')) && crashed.length < 3) crashed.push(copyOf(folder));
  }
  expect(crashed).not.toHaveLength(0);
  expect(readdirSync(folder).filter((name) => name.startsWith('journal'))).toEqual(['journal-1']);
  for (const copy of [...crashed.slice(-1), copyOf(folder)]) {
    const again = await openServer({ folder: copy });
    const found = again.db.collection('rows');
    const added = await found.countDocuments({ _id: { $gte: count } as never });
    expect(added).toBeGreaterThan(0);
    expect(await found.countDocuments()).toBe(count);
    expect(await found.countDocuments({ turn: { $gt: 0 } })).toBe(2 * added);
    expect(await found.countDocuments({ _id: { $gt: 0, $lte: added } as never })).toBe(0);
    expect((await found.indexes()).map(({ name }) => name)).toEqual(['_id_', 'turn_1']);
  }
});

it('refuses a journal torn before the one that continues it', async () => {
  const folder = await crashedFolder();
  const path = join(folder, 'journal-0');
  copyFileSync(path, join(folder, 'journal-1'));
  truncateSync(path, statSync(path).size - 1);
  await expect(startDocumentServer({ port: 0, folder })).rejects.toThrow(/damaged at its end/);
});

it('refuses a folder that is in use, and takes over the lock of a process that is no more', async () => {
  const folder = makeFolder();
  const { server, client } = await openServer({ folder });
  await expect(startDocumentServer({ port: 0, folder })).rejects.toMatchObject({ codeName: 'DBPathInUse' });
  await client.close();
  await server.close();
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  for (const left of [JSON.stringify({ pid, born: null }), JSON.stringify({ pid: process.pid, born: 'earlier' }), '']) {
    writeFileSync(join(folder, 'lock'), left);
    expect(await ids(folder)).toEqual([]);
  }
  expect(readdirSync(folder).filter((name) => name.startsWith('lock'))).toEqual([]);
});

it.skipIf(!existsSync('/dev/full'))('acknowledges nothing once the disk is full', async () => {
  const folder = makeFolder();
  symlinkSync('/dev/full', join(folder, 'journal-0'));
  const failures: string[] = [];
  const { db } = await openServer({ folder, onFailure: (error) => failures.push(error.message) });
  await expect(db.collection('rows').insertOne({ a: 1 })).rejects.toMatchObject({ code: 96 });
  await expect(db.collection('rows').findOne({})).rejects.toMatchObject({ code: 96 });
  expect(failures[0]).toMatch(/ENOSPC/);
});

it('tells frames of a journal apart from bytes that look like one', () => {
  const frame = encodeFrame([Buffer.from('ESJ1 is not a frame')]);
  expect(frame.indexOf('ESJ1', 1)).toBe(12);
  expect(frame.readUInt32LE(4)).toBe(frame.length - 12);
});
