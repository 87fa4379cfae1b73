import { spawn } from 'node:child_process';
import { StudioError } from '@embedding-studio/contracts';

export interface CommandOptions {
  timeoutMs: number;
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  uid?: number;
  gid?: number;
  input?: string;
  /** Each line as it comes, of both outputs. */
  onLine?: (line: string) => void;
}

export interface CommandResult {
  /** Null when a signal ended it. */
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end. A missing program or one past its time is code null, with the reason in stderr. */
export function runCommand(command: readonly string[], options: CommandOptions): Promise<CommandResult> {
  const [program = '', ...args] = command;
  const { input, onLine, timeoutMs, ...rest } = options;
  return new Promise((settle) => {
    const result: CommandResult = { code: null, stdout: '', stderr: '' };
    const child = spawn(program, args, { ...rest, timeout: timeoutMs, killSignal: 'SIGKILL', stdio: 'pipe' });
    for (const name of ['stdout', 'stderr'] as const)
      child[name].setEncoding('utf8').on('data', (text: string) => {
        result[name] += text;
        if (onLine !== undefined) for (const line of text.split('\n')) if (line.trim() !== '') onLine(line);
      });
    child.stdin.on('error', () => {});
    child.stdin.end(input ?? '');
    child.on('error', (error) => settle({ ...result, stderr: `${result.stderr}${error.message}` }));
    child.on('close', (code, signal) => {
      if (signal !== null) result.stderr += `\nended by ${signal} (limit ${Math.round(timeoutMs / 1000)} s)`;
      settle({ ...result, code });
    });
  });
}

/** Like `runCommand`, but anything except exit code 0 throws, with the command and the end of what it said. */
export async function runChecked(command: readonly string[], options: CommandOptions): Promise<string> {
  const result = await runCommand(command, options);
  if (result.code === 0) return result.stdout;
  const said = `${result.stdout}\n${result.stderr}`.trim().split('\n').slice(-12).join('\n  ');
  throw new StudioError('SOURCE_UNREACHABLE', `This command failed: ${command.join(' ')}\n  ${said}`);
}
