import type { Command } from 'commander';
import { childEnvironment, readSettings } from '../environment.ts';
import type { Finding } from '../production/finding.ts';
import { lookAround } from '../production/look-around.ts';
import { describeServices, type ServiceReport } from '../services/describe-services.ts';
import { ensurePostgres } from '../services/ensure-postgres.ts';
import { ensureRedis } from '../services/ensure-redis.ts';
import { createMachine, type Machine } from '../services/machine.ts';
import { readClusterMajor } from '../services/postgres-cluster.ts';
import { findStateFolder } from '../services/state-folder.ts';
import { readState } from '../supervisor/state-file.ts';
import { stateFileOf } from '../supervisor/supervisor.ts';
import { createProgress } from '../terminal/progress.ts';
import { table } from '../terminal/table.ts';
import { showRunning } from './show-running.ts';

async function installMissing(machine: Machine, folder: string): Promise<void> {
  if (machine.settings.DATABASE_URL === undefined) await ensurePostgres(machine, readClusterMajor(folder));
  if (machine.settings.REDIS_URL === undefined && machine.settings.QUEUE_BACKEND !== 'postgres')
    await ensureRedis(machine);
}

function show(reports: readonly ServiceReport[], machine: Machine): string {
  const rows = reports.map(({ service, how, version, why }) => [service, how, version, why]);
  const fixes = reports.flatMap(({ service, fix }) => (fix === undefined ? [] : [`${service}: ${fix}`]));
  const lines = [
    ...table(['service', 'how', 'version', 'why'], rows),
    '',
    `sources: ${machine.settings.STUDIO_SOURCES.join(',')}`,
    ...(fixes.length === 0 ? ['everything needed is here or can be installed'] : ['', 'To do:', ...fixes]),
  ];
  return `${lines.join('\n')}\n`;
}

interface DoctorOptions {
  install?: boolean;
  json?: boolean;
  production?: boolean;
}

function showFindings(findings: readonly Finding[]): string {
  const rows = findings.map(({ state, what, found, advice }) => [state, what, found, advice]);
  const count = (state: Finding['state']) => findings.filter((finding) => finding.state === state).length;
  const end = `${count('ok')} ok, ${count('warn')} to think about, ${count('fail')} to mend`;
  return `${[...table(['', 'what', 'found', 'to do'], rows), '', end].join('\n')}\n`;
}

async function runProductionDoctor({ json }: DoctorOptions): Promise<void> {
  const findings = await lookAround(childEnvironment());
  process.stdout.write(json ? `${JSON.stringify({ findings }, null, 2)}\n` : showFindings(findings));
  if (findings.some(({ state }) => state === 'fail')) process.exitCode = 1;
}

async function runDoctor(options: DoctorOptions): Promise<void> {
  if (options.production) return runProductionDoctor(options);
  const machine = createMachine(readSettings(), createProgress());
  const folder = findStateFolder(machine.settings);
  if (options.install) await installMissing(machine, folder);
  const reports = await describeServices(machine, folder);
  const state = readState(stateFileOf(folder));
  if (options.json)
    process.stdout.write(`${JSON.stringify({ services: reports, running: state?.services ?? [] }, null, 2)}\n`);
  else process.stdout.write(`${show(reports, machine)}${state === null ? '' : showRunning(state, folder)}`);
  if (reports.some(({ how }) => how === 'missing')) process.exitCode = 1;
}

export function registerDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('Say how each service is had on this machine, and why; exit code 1 when something is missing.')
    .option('--install', 'install what is missing and may be installed (needs root)')
    .option('--production', 'hold the environment and the services that it names against what production needs')
    .option('--json', 'print it for a program')
    .action(runDoctor);
}
