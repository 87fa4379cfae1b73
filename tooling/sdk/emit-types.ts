import { dirname, join, relative, sep } from 'node:path';
import ts from 'typescript';

const specifier = /((?:from|import)\s*\(?\s*['"])([^'"\n]+)/g;
/** What the server keeps for itself; no call of a client can tell the difference. */
const serverContext = 'ctx: import("@embedding-studio/core").Ctx;';

export interface TypeTree {
  /** Declarations by their path below `types/`. */
  files: Map<string, string>;
  /** Packages that they import. */
  externals: Set<string>;
}

/** Declarations of an entry and of all that it refers to inside of the workspace, with imports that stay inside of the tree. */
export function emitTypes(options: { root: string; entry: string; sources: ReadonlyMap<string, string> }): TypeTree {
  const declared = declareAll(options);
  const tree: TypeTree = { files: new Map(), externals: new Set() };
  const waiting = [declarationOf(options.entry)];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const place = placeOf(options.root, path);
    if (tree.files.has(place)) continue;
    const from = path;
    const text = declared.get(path)?.replaceAll(serverContext, 'ctx: object;');
    if (text === undefined) throw new TypeError(`no declarations of ${path}`);
    const placed = text.replace(specifier, (whole, before: string, name: string) => {
      const target = resolve(name, { from, sources: options.sources });
      if (target === null) {
        tree.externals.add(packageOf(name));
        return whole;
      }
      waiting.push(target);
      return `${before}${importOf(place, placeOf(options.root, target))}`;
    });
    tree.files.set(place, placed);
  }
  return tree;
}

function declareAll({ root, entry, sources }: { root: string; entry: string; sources: ReadonlyMap<string, string> }) {
  const config = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile).config as { compilerOptions: object };
  const base = ts.convertCompilerOptionsFromJson(config.compilerOptions, root).options;
  const paths = Object.fromEntries([...sources].map(([name, source]) => [name, [source]]));
  const program = ts.createProgram([entry], {
    ...base,
    ...{ paths, rootDir: root, outDir: root, noEmit: false, declaration: true, emitDeclarationOnly: true },
    // The types of the whole repository are checked elsewhere.
    ...{ noCheck: true, incremental: false, tsBuildInfoFile: undefined, isolatedModules: false },
  });
  const declared = new Map<string, string>();
  program.emit(undefined, (path, text) => void declared.set(path, text), undefined, true);
  return declared;
}

const declarationOf = (source: string): string => source.replace(/\.ts$/, '.d.ts');

function resolve(name: string, options: { from: string; sources: ReadonlyMap<string, string> }): string | null {
  if (name.startsWith('.')) return declarationOf(join(dirname(options.from), name));
  const source = options.sources.get(name);
  return source === undefined ? null : declarationOf(source);
}

/** `packages/sdk/src/x.d.ts` → `sdk/x.d.ts`. */
function placeOf(root: string, path: string): string {
  const [, folder = '', , ...rest] = relative(root, path).split(sep);
  return [folder, ...rest].join('/');
}

function importOf(from: string, to: string): string {
  const path = relative(dirname(from), to)
    .split(sep)
    .join('/')
    .replace(/\.d\.ts$/, '.js');
  return path.startsWith('.') ? path : `./${path}`;
}

function packageOf(name: string): string {
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
}
