import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setUpCode } from '@embedding-studio/core';
import { isRunning } from '../supervisor/process-identity.ts';
import type { SupervisorState } from '../supervisor/state-file.ts';
import { logFolderOf, stateFileOf } from '../supervisor/supervisor.ts';
import { table } from '../terminal/table.ts';

/** An address without its password, for the screen. */
export function hidePassword(url: string): string {
  return url.replace(/:\/\/([^:@/]*):[^@/]+@/, '://$1:…@');
}

/** The link that creates the first account; null once there is a reader of accounts instead. */
function setUpLink(state: SupervisorState, folder: string): string | null {
  const url = state.urls.consoleUrl;
  const secretFile = join(folder, 'console.secret');
  if (typeof url !== 'string' || !existsSync(secretFile)) return null;
  return `${url}/set-up?code=${setUpCode(readFileSync(secretFile, 'utf8').trim())}`;
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
  const setUp = setUpLink(state, folder);
  const lines = [
    ...table(['service', 'pid', 'state', 'restarts'], rows),
    '',
    ...table(['what', 'where'], addresses),
    '',
    `addresses with their passwords: ${stateFileOf(folder)}`,
    `logs: ${logFolderOf(folder)}`,
    '',
    ...(setUp === null ? [] : [`console, first start: ${setUp}`, '']),
    'next:  ./studio index                        make a base model’s index live',
    '       ./studio key create --name my-app     make an API key',
  ];
  return `\n${lines.join('\n')}\n`;
}
