import { isRunning } from '../supervisor/process-identity.ts';
import type { SupervisorState } from '../supervisor/state-file.ts';
import { logFolderOf, stateFileOf } from '../supervisor/supervisor.ts';
import { table } from '../terminal/table.ts';

/** An address without its password, for the screen. */
export function hidePassword(url: string): string {
  return url.replace(/:\/\/([^:@/]*):[^@/]+@/, '://$1:…@');
}

/** What runs and where, for a person. */
export function showRunning(state: SupervisorState, folder: string): string {
  const rows = state.services.map(({ name, identity, restarts, ready }) => [
    name,
    String(identity.pid),
    isRunning(identity) ? (ready ? 'ready' : 'starting') : 'ended',
    String(restarts),
  ]);
  const addresses = Object.entries(state.urls).flatMap(([name, url]) =>
    url === null ? [] : [[name, hidePassword(url)]],
  );
  const lines = [
    ...table(['service', 'pid', 'state', 'restarts'], rows),
    '',
    ...table(['what', 'where'], addresses),
    '',
    `addresses with their passwords: ${stateFileOf(folder)}`,
    `logs: ${logFolderOf(folder)}`,
    '',
    'next:  ./studio index                        make a base model’s index live',
    '       ./studio key create --name my-app     make an API key',
  ];
  return `\n${lines.join('\n')}\n`;
}
