import { execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const script = fileURLToPath(new URL('./torch-step.py', import.meta.url));
const interpreters = ['python3', '/usr/bin/python3'];
/** Debian's PyTorch multiplies by the reference BLAS, some forty times slower than the processor can: no peer. */
const probe = "import sys, torch; sys.exit('BLAS_INFO=generic' in torch.__config__.show())";

export interface TorchShape {
  layers: number;
  hidden: number;
  inner: number;
  heads: number;
  vocabulary: number;
  queries: number;
  queryTokens: number;
  items: number;
  itemTokens: number;
  threads: number;
}

export interface TorchProcess {
  version: string;
  weights: number;
  run(what: 'forward' | 'step'): Promise<void>;
  close(): void;
}

/** A Python whose PyTorch has a fast BLAS; null where there is none. */
async function findInterpreter(named: string | undefined): Promise<string | null> {
  for (const command of named === undefined ? interpreters : [named]) {
    const answers = promisify(execFile)(command, ['-c', probe], { timeout: 60_000 });
    const isPeer = await answers.then(
      () => true,
      () => false,
    );
    if (isPeer) return command;
  }
  return null;
}

export async function openTorch(shape: TorchShape, python?: string): Promise<TorchProcess | null> {
  const command = await findInterpreter(python);
  if (command === null) return null;
  const child = spawn(command, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (line: string): Promise<Record<string, unknown>> => {
    child.stdin.write(`${line}\n`);
    const answer = await lines.next();
    if (answer.done) throw new TypeError('PyTorch ended before it answered');
    return JSON.parse(answer.value);
  };
  const { version, weights } = await ask(JSON.stringify(shape));
  return {
    version: String(version),
    weights: Number(weights),
    run: async (what) => {
      await ask(what);
    },
    close: () => child.kill('SIGTERM'),
  };
}
