import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, normalize, relative } from 'node:path';
import { StudioError } from '@embedding-studio/contracts';
import { z } from 'zod';

export function invalidCheckpoint(reason: string): StudioError {
  return new StudioError('MODEL_INVALID', `The model cannot be imported: ${reason}.`);
}

export async function findJson(folder: string, name: string): Promise<unknown> {
  const text = await readFile(join(folder, name), 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new StudioError('MODEL_INVALID', `${name} is not JSON.`, { cause });
  }
}

export async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

const Modules = z.array(z.looseObject({ path: z.string(), type: z.string() })).min(1);

/** One step of a sentence encoder: `Transformer`, `Pooling`, `Dense`, `Normalize`, `CLIPModel`, and its folder. */
export interface EncoderModule {
  type: string;
  folder: string;
}

/** The steps that `modules.json` names in their order; an encoder without that file is one transformer. */
export async function readModules(root: string): Promise<EncoderModule[]> {
  const listed = await findJson(root, 'modules.json');
  if (listed === null) return [{ type: 'Transformer', folder: root }];
  const parsed = Modules.safeParse(listed);
  if (!parsed.success) throw invalidCheckpoint('modules.json is not a list of modules');
  return parsed.data.map(({ path, type }) => ({
    type: type.split('.').at(-1) ?? type,
    folder: join(root, insideName(path)),
  }));
}

/** Names from a checkpoint's own files may only lead downwards. */
export function insideName(name: string): string {
  const plain = normalize(name === '' ? '.' : name);
  if (/[\\\0:]/.test(name) || name.startsWith('/') || plain.split('/').includes('..'))
    throw invalidCheckpoint(`${JSON.stringify(name.slice(0, 80))} is not a name inside of its folder`);
  return plain;
}

/** Where the weights of a transformer are, and in which of the two formats. */
export type WeightPlace = { format: 'safetensors'; files: string[] } | { format: 'onnx'; file: string };

const Index = z.looseObject({ weight_map: z.record(z.string(), z.string()) });

async function listNames(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

async function findSafetensors(folder: string): Promise<string[]> {
  const index = Index.safeParse(await findJson(folder, 'model.safetensors.index.json'));
  if (index.success) {
    const shards = [...new Set(Object.values(index.data.weight_map))].sort();
    return shards.map((name) => join(folder, insideName(name)));
  }
  const names = (await listNames(folder)).filter((name) => name.endsWith('.safetensors'));
  const chosen = names.includes('model.safetensors') ? ['model.safetensors'] : names.slice(0, 2);
  if (chosen.length > 1) throw invalidCheckpoint('it has several .safetensors files and none is model.safetensors');
  return chosen.map((name) => join(folder, name));
}

async function findOnnx(folder: string): Promise<string | null> {
  for (const name of ['model.onnx', 'onnx/model.onnx']) if (await isFile(join(folder, name))) return join(folder, name);
  const others = (await listNames(folder)).filter((name) => name.endsWith('.onnx'));
  return others.length === 1 ? join(folder, others[0] ?? '') : null;
}

/** Safetensors first: the graph is then written here, with nothing in it that a serving runtime may not know. */
export async function findWeights(folder: string, wanted?: WeightPlace['format']): Promise<WeightPlace> {
  const safetensors = wanted === 'onnx' ? [] : await findSafetensors(folder);
  if (safetensors.length > 0) return { format: 'safetensors', files: safetensors };
  const onnx = wanted === 'safetensors' ? null : await findOnnx(folder);
  if (onnx !== null) return { format: 'onnx', file: onnx };
  const pickled = (await listNames(folder)).find((name) => /\.(bin|pt|pth|ckpt)$/.test(name));
  const why = pickled
    ? `${pickled} runs code when it is read and is not opened; save it as model.safetensors`
    : 'there is no model.safetensors and no model.onnx';
  throw invalidCheckpoint(why);
}

const depthMax = 6;
const foldersMax = 2_000;

/** The folder of a tree (an unpacked package) that looks like a checkpoint, nearest to the top. */
export async function findCheckpoint(top: string): Promise<string> {
  const queue = [top];
  const tokenizers: string[] = [];
  for (let seen = 0; seen < queue.length && seen < foldersMax; seen++) {
    const folder = queue[seen] ?? top;
    const entries = await readdir(folder, { withFileTypes: true });
    const names = new Set(entries.filter((entry) => entry.isFile()).map(({ name }) => name));
    if (names.has('modules.json') || names.has('manifest.json')) return folder;
    const hasWeights = [...names].some((name) => /\.(safetensors|onnx)$/.test(name));
    if (hasWeights && names.has('tokenizer.json')) return folder;
    if (names.has('tokenizer.json')) tokenizers.push(folder);
    if (relative(top, folder).split('/').length < depthMax)
      queue.push(...entries.filter((entry) => entry.isDirectory()).map((entry) => join(folder, entry.name)));
  }
  const [first] = tokenizers;
  if (first !== undefined) return first;
  throw invalidCheckpoint('the package holds no folder with a tokenizer.json beside safetensors or ONNX weights');
}

/** tokenizer.json beside the transformer, or one folder above it. */
export async function readTokenizer(root: string, transformer: string): Promise<unknown> {
  for (const folder of [transformer, root, dirname(transformer)]) {
    if (!(await isFile(join(folder, 'tokenizer.json')))) continue;
    if (!relative(root, folder).startsWith('..')) return findJson(folder, 'tokenizer.json');
  }
  throw invalidCheckpoint(
    `${basename(root)} has no tokenizer.json (vocabulary files of older tokenizers are not read)`,
  );
}
