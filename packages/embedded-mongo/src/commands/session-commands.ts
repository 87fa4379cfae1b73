import { MAX_DOCUMENT_BYTES } from '../bson-document.ts';
import { MAX_MESSAGE_BYTES } from '../wire-protocol.ts';
import type { Command } from './command.ts';

const VERSION = [7, 0, 0, 0];

const hello: Command = () => ({
  ismaster: true,
  isWritablePrimary: true,
  helloOk: true,
  maxBsonObjectSize: MAX_DOCUMENT_BYTES,
  maxMessageSizeBytes: MAX_MESSAGE_BYTES,
  maxWriteBatchSize: 100_000,
  localTime: new Date(),
  logicalSessionTimeoutMinutes: 30,
  minWireVersion: 0,
  maxWireVersion: 21,
  readOnly: false,
  ok: 1,
});

const acknowledge: Command = () => ({ ok: 1 });

const buildInfo: Command = () => ({
  version: '7.0.0',
  versionArray: VERSION,
  modules: ['embedded'],
  maxBsonObjectSize: MAX_DOCUMENT_BYTES,
  ok: 1,
});

const serverStatus: Command = (_request, { cursors, store }) => ({
  version: '7.0.0',
  process: 'embedded-mongo',
  uptime: process.uptime(),
  localTime: new Date(),
  metrics: { cursor: { open: { total: cursors.size } } },
  catalogStats: { collections: store.collections.size },
  ok: 1,
});

export const sessionCommands: Record<string, Command> = {
  hello,
  isMaster: hello,
  ismaster: hello,
  ping: acknowledge,
  endSessions: acknowledge,
  refreshSessions: acknowledge,
  buildInfo,
  buildinfo: buildInfo,
  serverStatus,
};
