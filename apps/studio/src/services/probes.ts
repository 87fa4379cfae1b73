import { connect } from 'node:net';

const probeTimeoutMs = 2_000;

/** Sends bytes and resolves with the first answer; null when nobody answers in time. */
export function exchange(address: { host: string; port: number }, request: Uint8Array | null): Promise<Buffer | null> {
  return new Promise((settle) => {
    const socket = connect(address);
    const finish = (answer: Buffer | null) => {
      socket.destroy();
      settle(answer);
    };
    socket.setTimeout(probeTimeoutMs, () => finish(null));
    socket.on('error', () => finish(null));
    socket.on('close', () => finish(null));
    socket.on('connect', () => (request === null ? finish(Buffer.alloc(0)) : socket.write(request)));
    socket.on('data', (chunk: Buffer) => finish(chunk));
  });
}

export async function isListening(host: string, port: number): Promise<boolean> {
  return (await exchange({ host, port }, null)) !== null;
}

/** PostgreSQL asks for a password once it takes connections; while it starts or recovers it answers with an error. */
export async function isPostgresReady(host: string, port: number): Promise<boolean> {
  const body = Buffer.from('user\0studio\0database\0studio\0\0', 'utf8');
  const head = Buffer.alloc(8);
  head.writeInt32BE(body.length + 8, 0);
  head.writeInt32BE(0x00030000, 4);
  const answer = await exchange({ host, port }, Buffer.concat([head, body]));
  return answer?.[0] === 'R'.charCodeAt(0);
}

/** One connection, AUTH and PING in a pipeline: the answer ends with PONG once the data is loaded. */
export async function isRedisReady(port: number, password: string): Promise<boolean> {
  const word = (text: string) => `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
  const auth = exchangeUntil(port, `*2\r\n${word('AUTH')}${word(password)}*1\r\n${word('PING')}`, '+PONG');
  return auth;
}

function exchangeUntil(port: number, request: string, wanted: string): Promise<boolean> {
  return new Promise((settle) => {
    let said = '';
    const socket = connect({ host: '127.0.0.1', port });
    const finish = (ready: boolean) => {
      socket.destroy();
      settle(ready);
    };
    socket.setTimeout(probeTimeoutMs, () => finish(false));
    socket.on('error', () => finish(false));
    socket.on('close', () => finish(false));
    socket.on('connect', () => socket.write(request));
    socket.on('data', (chunk: Buffer) => {
      said += chunk.toString('latin1');
      if (said.includes(wanted)) finish(true);
      else if (said.includes('-LOADING') || said.includes('-WRONGPASS')) finish(false);
    });
  });
}

/** Any answer below 500 counts: the server is up and says so itself. */
export async function isHttpReady(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(probeTimeoutMs) });
    await answer.body?.cancel();
    return answer.status < 400;
  } catch {
    return false;
  }
}
