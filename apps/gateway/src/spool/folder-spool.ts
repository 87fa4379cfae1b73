import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock, Log, Spool, SpoolEntry, SpooledWrite, Telemetry } from '@embedding-studio/contracts';
import {
  bytesOnDisk,
  listSpoolFiles,
  readSpoolFile,
  removeAbandoned,
  type SpoolFile,
  toText,
  writeSpoolFile,
} from './spool-file.ts';

/** As long as another gateway may take to store what waits there. */
const rememberedMs = 60_000;

export interface SpoolOptions {
  /** Made when it is missing. Several processes may share one: what any of them wrote, any may store. */
  folder: string;
  /** Of the disk; beyond it nothing is accepted. */
  bytesMax: number;
  /** How long writes are gathered into one file, milliseconds: as many files a second as it says, however much comes. */
  gatherMs: number;
  project: string;
  clock: Clock;
  log: Log;
  telemetry: Telemetry;
}

export interface FolderSpool extends Spool {
  /** Looks at the folder: another process may have written there, or taken something. */
  list(): Promise<SpoolFile[]>;
  read(file: SpoolFile): Promise<SpoolEntry[]>;
  /** Its entries are stored or counted as refused. */
  remove(file: SpoolFile): Promise<void>;
  /** Keeps what the store refused for another try; the cap does not apply, since as much has just been read. */
  putBack(entries: readonly SpoolEntry[]): Promise<void>;
  describe(): { bytes: number; ageSeconds: number };
  /** Once what was gathered is on disk. */
  flush(): Promise<void>;
  /** Lets nobody else in while the work goes on. */
  handOver(work: () => Promise<void>): Promise<void>;
}

interface Gathered {
  text: string;
  bytes: number;
  settle: (isKept: boolean) => void;
}

/** Writes of the clickstream in files of a folder, each of them on disk before anybody is told that it was accepted. */
export async function openFolderSpool(options: SpoolOptions): Promise<FolderSpool> {
  await mkdir(options.folder, { recursive: true, mode: 0o700 });
  await removeAbandoned(options.folder, options.clock.now());
  const spool = new FilesOfFolder(options);
  await spool.list();
  return spool;
}

class FilesOfFolder implements FolderSpool {
  private files = new Map<string, SpoolFile>();
  private gathered: Gathered[] = [];
  private gatheredBytes = 0;
  private flushing: Promise<void> | null = null;
  private handing: Promise<void> | null = null;
  private awayAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly options: SpoolOptions) {}

  isWaiting(): boolean {
    return this.flushing !== null || [...this.files.values()].some(({ isLate }) => !isLate);
  }

  async append(writes: readonly SpooledWrite[]): Promise<boolean> {
    const { clock, bytesMax } = this.options;
    const acceptedAt = clock.now();
    const text = toText(writes.map((write) => ({ write, acceptedAt })));
    const bytes = bytesOnDisk(Buffer.byteLength(text));
    const hasRoom = this.bytes() + this.gatheredBytes + bytes <= bytesMax;
    const isKept = hasRoom && (await new Promise<boolean>((settle) => this.gather({ text, bytes, settle })));
    this.count(isKept ? 'accepted' : 'full', writes.length);
    return isKept;
  }

  async list(): Promise<SpoolFile[]> {
    const before = new Set(this.files.keys());
    const found = await listSpoolFiles(this.options.folder);
    const since = [...this.files.values()].filter(({ name }) => !before.has(name));
    this.files = new Map([...found, ...since].map((file) => [file.name, file]));
    return found;
  }

  async read(file: SpoolFile): Promise<SpoolEntry[]> {
    const found = await readSpoolFile(join(this.options.folder, file.name));
    if (found === null) return [];
    if (found.damaged > 0) {
      this.options.log.error({ file: file.name, lines: found.damaged }, 'spooled writes cannot be read');
      this.count('refused', found.damaged);
    }
    return found.entries;
  }

  async remove(file: SpoolFile): Promise<void> {
    await rm(join(this.options.folder, file.name), { force: true });
    this.files.delete(file.name);
  }

  async putBack(entries: readonly SpoolEntry[]): Promise<void> {
    const at = this.options.clock.now();
    const file = await writeSpoolFile(this.options.folder, { text: toText(entries), at, isLate: true });
    this.files.set(file.name, file);
  }

  describe(): { bytes: number; ageSeconds: number } {
    const now = this.options.clock.now().getTime();
    const times = [...this.files.values()].filter(({ isLate }) => !isLate).map(({ writtenAt }) => writtenAt.getTime());
    return { bytes: this.bytes(), ageSeconds: Math.max(0, now - Math.min(now, ...times.slice(0, 1))) / 1_000 };
  }

  wasAway(): boolean {
    return this.options.clock.now().getTime() - this.awayAt < rememberedMs;
  }

  noteAway(): void {
    this.awayAt = this.options.clock.now().getTime();
  }

  handover(): Promise<void> | null {
    return this.handing;
  }

  async handOver(work: () => Promise<void>): Promise<void> {
    const ended = work().finally(() => {
      this.handing = null;
    });
    this.handing = ended.catch(() => undefined);
    await ended;
  }

  async flush(): Promise<void> {
    await this.flushing;
  }

  private bytes(): number {
    let bytes = 0;
    for (const file of this.files.values()) bytes += file.bytes;
    return bytes;
  }

  private gather(one: Gathered): void {
    this.gathered.push(one);
    this.gatheredBytes += one.bytes;
    this.flushing ??= this.writeSoon();
  }

  private async writeSoon(): Promise<void> {
    const { folder, clock, gatherMs, log } = this.options;
    while (this.gathered.length > 0) {
      await new Promise((resolve) => setTimeout(resolve, gatherMs));
      const taken = this.gathered;
      this.gathered = [];
      const text = taken.map((one) => one.text).join('');
      const isKept = await writeSpoolFile(folder, { text, at: clock.now(), isLate: false }).then(
        (file) => {
          this.files.set(file.name, file);
          return true;
        },
        (error: unknown) => {
          log.error({ error: String(error) }, 'the spool cannot be written');
          return false;
        },
      );
      for (const { bytes, settle } of taken) {
        this.gatheredBytes -= bytes;
        settle(isKept);
      }
    }
    this.flushing = null;
  }

  private count(outcome: 'accepted' | 'full' | 'refused', by: number): void {
    const { telemetry, project } = this.options;
    telemetry.count('embedding_studio_spool_writes_total', { project, outcome }, by);
  }
}
