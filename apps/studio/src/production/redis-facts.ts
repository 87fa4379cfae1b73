import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { StudioError } from '@embedding-studio/contracts';

export interface RedisFacts {
  version: string;
  evictionPolicy: string;
  /** Every write goes into the append-only file. */
  isLogged: boolean;
  /** Its clock ahead of ours, to the second. */
  aheadMs: number;
}

const timeoutMs = 5_000;
const usualPort = 6379;

/** Asked over the wire, with INFO alone: managed servers often refuse CONFIG. @throws StudioError STORE_UNAVAILABLE */
export async function inspectRedis(url: string): Promise<RedisFacts> {
  const { username, password } = new URL(url);
  const auth =
    password === ''
      ? []
      : ['AUTH', ...(username === '' ? [] : [decodeURIComponent(username)]), decodeURIComponent(password)];
  const said = await talk(url, [...(auth.length === 0 ? [] : [auth]), ['INFO'], ['ECHO', 'studio-end']]);
  const value = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(said)?.[1] ?? '';
  const version = value('valkey_version') || value('redis_version');
  if (version === '')
    throw new StudioError('STORE_UNAVAILABLE', `Redis refused: ${said.split('\r\n')[0]?.slice(0, 120)}`);
  const micros = Number(value('server_time_usec'));
  return {
    version,
    evictionPolicy: value('maxmemory_policy'),
    isLogged: value('aof_enabled') === '1',
    aheadMs: Number.isFinite(micros) && micros > 0 ? micros / 1_000 - Date.now() : 0,
  };
}

function talk(url: string, commands: readonly string[][]): Promise<string> {
  const { protocol, hostname, port } = new URL(url);
  const target = { host: hostname, port: Number(port) || usualPort };
  return new Promise((settle, reject) => {
    const socket = protocol === 'rediss:' ? connectTls({ ...target, servername: hostname }) : connect(target);
    const lost = (why: string) => {
      socket.destroy();
      reject(new StudioError('STORE_UNAVAILABLE', `Redis at ${hostname} ${why}.`));
    };
    let said = '';
    socket.setTimeout(timeoutMs, () => lost('does not answer'));
    socket.on('error', (error) => lost(`cannot be reached: ${error.message}`));
    socket.on('close', () => lost('closed the connection'));
    socket.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
      // The answers come in order: whatever the others were, the last one ends it.
      if (!said.includes('studio-end') && !said.includes('-NOAUTH Authentication required.\r\n-NOAUTH')) return;
      settle(said);
      socket.end();
    });
    socket.write(commands.map(encode).join(''));
  });
}

function encode(words: readonly string[]): string {
  const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
  return `*${words.length}\r\n${parts.join('')}`;
}
