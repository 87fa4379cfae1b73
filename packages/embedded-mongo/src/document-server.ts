import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { CursorTable } from './cursor-table.ts';
import { DocumentStore, type StoreLog } from './document-store.ts';
import { expireDocuments } from './expire-documents.ts';
import { errorReply, runCommand } from './run-command.ts';
import { StoreError, toStoreError } from './store-error.ts';
import { encodeReply, MessageReader, readMessage, type WireMessage } from './wire-protocol.ts';

export interface DocumentServerOptions {
  /** 0 chooses a free one. */
  port: number;
  host?: string;
  /** Holds the snapshot, the journal and the lock; made when absent. */
  folder: string;
  log?: StoreLog;
  /** Between two sweeps of the TTL indexes, in milliseconds. */
  ttlIntervalMs?: number;
  maxCursors?: number;
  cursorTimeoutMs?: number;
  /** A journal larger than this is folded into a snapshot while the server runs; commands wait meanwhile. */
  compactAtBytes?: number;
  /** Called once when the journal can no longer be written; the server answers nothing but errors from then on. */
  onFailure?: (error: StoreError) => void;
}

export interface DocumentServer {
  /** For the official driver, with `directConnection=true`. */
  url: string;
  port: number;
  /** Answers what is under way, ends the connections, writes a snapshot and frees the folder. */
  close(): Promise<void>;
}

const CLOSE_GRACE_MS = 2_000;
const COMPACT_AT_BYTES = 256 * 1024 * 1024;

class WireServer {
  readonly #sockets = new Set<Socket>();
  readonly #running = new Set<Promise<void>>();
  readonly #server: Server;
  #isClosing = false;

  constructor(
    readonly store: DocumentStore,
    readonly cursors: CursorTable,
    readonly options: DocumentServerOptions,
  ) {
    this.#server = createServer({ noDelay: true }, (socket) => this.#accept(socket));
  }

  listen(): Promise<number> {
    const { port, host = '127.0.0.1' } = this.options;
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, () => resolve((this.#server.address() as AddressInfo).port));
    });
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    await Promise.allSettled(this.#running);
    for (const socket of this.#sockets) socket.end();
    const force = setTimeout(() => {
      for (const socket of this.#sockets) socket.destroy();
    }, CLOSE_GRACE_MS);
    await closed;
    clearTimeout(force);
  }

  #accept(socket: Socket): void {
    const reader = new MessageReader();
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk: Buffer) => {
      if (this.#isClosing) return;
      try {
        for (const bytes of reader.push(chunk)) this.#start(socket, readMessage(bytes));
      } catch (error) {
        this.#refuse(socket, toStoreError(error));
      }
    });
  }

  /** After a malformed message the stream cannot be trusted: say why, and hang up. */
  #refuse(socket: Socket, error: StoreError): void {
    this.options.log?.({ level: 'warn', message: 'Closed a connection', reason: error.message });
    const { requestId = 0, ...details } = error.details;
    const body = errorReply(new StoreError(error.codeName, error.message, details));
    socket.end(encodeReply({ requestId: Number(requestId), isLegacy: false }, body));
    socket.removeAllListeners('data');
    socket.resume();
  }

  #start(socket: Socket, message: WireMessage): void {
    const run = this.#answer(socket, message).finally(() => this.#running.delete(run));
    this.#running.add(run);
  }

  /** The command runs before the first await, in the order of arrival; only its answer waits for the disk. */
  async #answer(socket: Socket, message: WireMessage): Promise<void> {
    const { journal } = this.store;
    const { appended } = journal;
    let reply: Buffer;
    try {
      reply = encodeReply(message, this.#run(message));
    } catch (error) {
      reply = this.#report(message, error);
    }
    try {
      if (journal.appended !== appended) await journal.commit();
    } catch (error) {
      reply = this.#report(message, error);
      this.options.onFailure?.(toStoreError(error));
    }
    if (message.wantsReply && socket.writable) socket.write(reply);
  }

  #run(message: WireMessage) {
    const { body } = message;
    if (message.isLegacy && !('hello' in body || 'isMaster' in body || 'ismaster' in body)) {
      throw new StoreError('UnsupportedOpQueryCommand', `Unsupported OP_QUERY command: ${Object.keys(body)[0]}`);
    }
    if (typeof body.$db !== 'string') throw new StoreError('BadValue', "The field '$db' must be a string");
    return runCommand(body, { store: this.store, cursors: this.cursors, database: body.$db });
  }

  #report(message: WireMessage, error: unknown): Buffer {
    const known = toStoreError(error);
    if (known.codeName === 'InternalError') {
      this.options.log?.({ level: 'error', message: known.message, stack: error instanceof Error ? error.stack : '' });
    }
    return encodeReply(message, errorReply(known));
  }
}

async function keepHouse(store: DocumentStore, compactAtBytes: number): Promise<void> {
  if (store.journal.failure) return;
  if (expireDocuments(store, Date.now()) > 0) await store.journal.commit();
  await store.compactIfLarge(compactAtBytes);
}

export async function startDocumentServer(options: DocumentServerOptions): Promise<DocumentServer> {
  const { host = '127.0.0.1', maxCursors = 1_000, cursorTimeoutMs = 600_000, ttlIntervalMs = 60_000 } = options;
  const log = options.log ?? (() => undefined);
  const store = DocumentStore.open(options.folder, log);
  const cursors = new CursorTable({ maxCursors, cursorTimeoutMs });
  const server = new WireServer(store, cursors, options);
  let port: number;
  try {
    port = await server.listen();
  } catch (error) {
    await store.close();
    throw error;
  }
  const upkeep = setInterval(() => {
    cursors.expire();
    keepHouse(store, options.compactAtBytes ?? COMPACT_AT_BYTES).catch((error) => {
      log({ level: 'error', message: `Upkeep failed: ${String(error)}` });
    });
  }, ttlIntervalMs);
  upkeep.unref();
  let closing: Promise<void> | undefined;
  const close = async () => {
    clearInterval(upkeep);
    await server.close();
    await store.close();
  };
  return {
    url: `mongodb://${host.includes(':') ? `[${host}]` : host}:${port}/?directConnection=true`,
    port,
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}
