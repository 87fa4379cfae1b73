import { createServer } from 'node:net';

function tryPort(port: number): Promise<number | null> {
  return new Promise((settle) => {
    const server = createServer();
    server.unref();
    server.once('error', () => settle(null));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address();
      const found = typeof address === 'object' && address !== null ? address.port : null;
      server.close(() => settle(found));
    });
  });
}

/** The preferred port of 127.0.0.1 when nobody listens there, else any free one. */
export async function findFreePort(preferred?: number): Promise<number> {
  if (preferred !== undefined && (await tryPort(preferred)) !== null) return preferred;
  const port = await tryPort(0);
  if (port === null) throw new RangeError('No free TCP port on 127.0.0.1.');
  return port;
}
