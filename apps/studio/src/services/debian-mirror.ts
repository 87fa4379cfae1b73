import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Mirror {
  uri: string;
  suites: string[];
  components: string[];
  /** Path of the keyring that signs it, when the entry names one. */
  signedBy: string | null;
}

function words(text: string | undefined): string[] {
  return (text ?? '').split(/\s+/).filter((word) => word !== '');
}

/** Entries of a `.sources` file: paragraphs of `Key: value` lines, continued by indentation. */
export function parseSources(text: string): Mirror[] {
  const plain = text.replace(/^#.*\n?/gm, '').replace(/\n[ \t]+/g, ' ');
  return plain.split(/\n\s*\n/).flatMap((paragraph) => {
    const field = (name: string) => new RegExp(`^${name}:(.*)$`, 'im').exec(paragraph)?.[1]?.trim();
    if (!words(field('Types')).includes('deb') || field('Enabled') === 'no') return [];
    const keyring = words(field('Signed-By')).find((word) => word.startsWith('/'));
    return words(field('URIs')).map((uri) => ({
      uri,
      suites: words(field('Suites')),
      components: words(field('Components')),
      signedBy: keyring ?? null,
    }));
  });
}

/** Entries of a one-line-style `.list` file. */
export function parseList(text: string): Mirror[] {
  return text.split('\n').flatMap((line) => {
    const match = /^deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s+([^#]+)/.exec(line.trim());
    if (match === null) return [];
    const [, options, uri = '', suite = '', components] = match;
    const signedBy = /signed-by=(\/\S+)/i.exec(options ?? '')?.[1] ?? null;
    return [{ uri, suites: [suite], components: words(components), signedBy }];
  });
}

export function readMirrors(folder = '/etc/apt'): Mirror[] {
  const parts = join(folder, 'sources.list.d');
  const names = existsSync(parts) ? readdirSync(parts).map((name) => join(parts, name)) : [];
  const files = [join(folder, 'sources.list'), ...names].filter((path) => existsSync(path));
  return files.flatMap((path) => {
    if (path.endsWith('.sources')) return parseSources(readFileSync(path, 'utf8'));
    return path.endsWith('.list') ? parseList(readFileSync(path, 'utf8')) : [];
  });
}

/** Code name of this release, such as the one that its mirror has as a suite; null when it does not say. */
export function readCodename(path = '/etc/os-release'): string | null {
  if (!existsSync(path)) return null;
  return /^VERSION_CODENAME="?([^"\n]+)/m.exec(readFileSync(path, 'utf8'))?.[1] ?? null;
}
