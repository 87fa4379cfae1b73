import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { isSkippedFolder, listFiles } from './source-files.ts';

const codeSpan = /`([^`\n]+)`/g;
const link = /\[[^\]]*\]\(([^)\s]+)[^)]*\)/g;
const fence = /^```.*?^```/gms;
const errorRow = /^\|\s*`([A-Z][A-Z_]+)`\s*\|/gm;

function withoutPlace(cited: string): string {
  return cited
    .replace(/#.*$/, '')
    .replace(/:\d+(-\d+)?$/, '')
    .replace(/\/$/, '');
}

/** Only what begins with a folder of the repository is a claim about it; globs and placeholders are not. */
function isClaim(cited: string, folders: readonly string[]): boolean {
  return /^[\w.@/-]+$/.test(cited) && cited.includes('/') && folders.includes(cited.split('/')[0] ?? '');
}

function linkFaults(root: string, page: string, text: string): string[] {
  const targets = [...text.matchAll(link)].map((match) => match[1] ?? '');
  return targets
    .filter((target) => !/^([a-z]+:|#)/i.test(target))
    .filter((target) => !existsSync(join(root, normalize(join(dirname(page), withoutPlace(target))))))
    .map((target) => `${page}: links to ${target}, which does not exist`);
}

/** Every path that a page of the repository cites must be there. */
export function pathFaults(root: string): string[] {
  const folders = readdirSync(root, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() && !isSkippedFolder(entry.name) ? [entry.name] : [],
  );
  return listFiles(root, (path) => path.endsWith('.md')).flatMap((page) => {
    const text = readFileSync(join(root, page), 'utf8');
    const prose = text.replace(fence, '');
    const spans = [...prose.matchAll(codeSpan)].map((match) => withoutPlace((match[1] ?? '').trim()));
    const missing = spans.filter((cited) => isClaim(cited, folders) && !existsSync(join(root, cited)));
    return [
      ...missing.map((cited) => `${page}: cites ${cited}, which does not exist`),
      ...linkFaults(root, page, prose),
    ];
  });
}

/** docs/errors.md has one row for each code and none for others; no fault while the page is not written. */
export function errorRowFaults(root: string, codes: readonly string[]): string[] {
  const page = 'docs/errors.md';
  if (!existsSync(join(root, page))) return [];
  const rows = [...readFileSync(join(root, page), 'utf8').matchAll(errorRow)].map((match) => match[1] ?? '');
  const twice = rows.filter((code, at) => rows.indexOf(code) !== at);
  return [
    ...codes.filter((code) => !rows.includes(code)).map((code) => `${page}: has no row for ${code}`),
    ...rows
      .filter((code) => !codes.includes(code))
      .map((code) => `${page}: has a row for ${code}, which is no error code`),
    ...twice.map((code) => `${page}: has two rows for ${code}`),
  ];
}
