import { parseArgs } from 'node:util';
import { startDocumentServer } from './document-server.ts';

const { values } = parseArgs({
  options: { port: { type: 'string' }, host: { type: 'string' }, folder: { type: 'string' } },
});

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

const port = Number(values.port ?? 0);
if (!values.folder) fail('--folder is missing: where the documents are kept');
if (!Number.isInteger(port) || port < 0 || port > 65535) fail(`--port must be 0 to 65535, not ${values.port}`);

// A disk that is full loses lines of the log, and does not end the server for that.
process.stderr.on('error', () => undefined);

const server = await startDocumentServer({
  port,
  host: values.host,
  folder: values.folder,
  log: (line) => process.stderr.write(`${JSON.stringify(line)}\n`),
  onFailure: (error) => fail(error.message),
}).catch((error: unknown) => fail(error instanceof Error ? error.message : String(error)));

process.stdout.write(`ready ${server.url}\n`);

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    server.close().then(
      () => process.exit(0),
      (error: unknown) => fail(String(error)),
    );
  });
}
