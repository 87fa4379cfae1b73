import { isAbsolute, resolve } from 'node:path';
import { StudioError } from '@embedding-studio/contracts';

/** What `studio model import` is asked for. */
export type ModelReference =
  | { kind: 'folder'; path: string }
  | { kind: 'hub'; repository: string; revision: string }
  | { kind: 'pypi'; requirement: string };

const repository = /^[A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*$/;
const revision = /^[A-Za-z0-9][\w.-]*$/;
const requirement = /^[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?(?:==[A-Za-z0-9][\w.+!-]*)?$/;

function refuse(text: string, expected: string): never {
  throw new StudioError('INPUT_INVALID', `"${text}" names no model: ${expected}.`, { field: 'source' });
}

/**
 * `./folder` or `/folder`, `owner/name` or `hub:owner/name@revision`, `pypi:name` or `pypi:name==version`.
 * Names go into addresses and command lines, so they hold letters, digits, `.`, `_` and `-` only.
 * @throws StudioError INPUT_INVALID
 */
export function parseModelReference(text: string): ModelReference {
  if (isAbsolute(text) || text.startsWith('.')) return { kind: 'folder', path: resolve(text) };
  if (text.startsWith('pypi:')) {
    const wanted = text.slice('pypi:'.length);
    if (!requirement.test(wanted)) refuse(text, 'a package is pypi:name or pypi:name==version');
    return { kind: 'pypi', requirement: wanted };
  }
  const [name = '', version = 'main', ...rest] = text.replace(/^hub:/, '').split('@');
  if (!repository.test(name) || !revision.test(version) || rest.length > 0)
    refuse(text, 'a folder starts with . or /, a model of the hub is owner/name or owner/name@revision');
  return { kind: 'hub', repository: name, revision: version };
}
