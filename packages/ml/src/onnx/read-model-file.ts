import { type FileHandle, open, readFile, realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, sep } from 'node:path';
import { StudioError } from '@embedding-studio/contracts';
import { decodeWithExternal, isExternal, listTensors } from './model-codec.ts';
import { modelInvalid } from './model-errors.ts';
import type { OnnxModel, OnnxTensor } from './model-types.ts';
import { elementBytes, elementCount } from './tensor-values.ts';

/** Protobuf holds no more in one file, and an artefact is one file. */
export const modelBytesMax = 2 ** 31 - 1 - 2 ** 20;

interface Place {
  path: string;
  offset: number;
  length: number;
}

/**
 * Reads an .onnx file with the data files that it names beside it; all values are in the model afterwards, so that it
 * can be written back as one file. Locations must be plain names below the file's own folder.
 * @throws StudioError MODEL_INVALID when a file is missing, too short, outside of the folder, or all is over 2 GB.
 */
export async function readModelFile(path: string): Promise<OnnxModel> {
  await requireSize(path);
  const bytes = await readFile(path);
  const model = decodeWithExternal(bytes);
  const external = listTensors(model.graph).filter(isExternal);
  const folder = await realpath(dirname(path));
  const places: { tensor: OnnxTensor; place: Place }[] = [];
  for (const tensor of external) places.push({ tensor, place: await locate(tensor, folder) });
  requireTotal(places.reduce((sum, { place }) => sum + place.length, bytes.length));
  await fill(places);
  return model;
}

/** @throws StudioError MODEL_INVALID */
export function requireTotal(total: number): void {
  if (total <= modelBytesMax) return;
  const found = (total / 1e9).toFixed(1);
  throw modelInvalid(`The model's weights take ${found} GB; an artefact is one ONNX file, which holds at most 2 GB`);
}

async function requireSize(path: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (!found?.isFile()) throw modelInvalid(`There is no file ${path}`);
  requireTotal(found.size);
}

async function locate(tensor: OnnxTensor, folder: string): Promise<Place> {
  const name = tensor.name || '(unnamed)';
  const facts = new Map((tensor.externalData ?? []).map(({ key, value }) => [key, value ?? '']));
  const location = facts.get('location') ?? '';
  const path = await resolveInside(folder, location).catch((cause: unknown) => {
    const shown = JSON.stringify(location.slice(0, 80));
    const why = cause instanceof StudioError ? cause.message : 'it is not there';
    throw modelInvalid(`Tensor ${name} keeps its values in the file ${shown}, which cannot be used: ${why}`);
  });
  const length = elementCount(tensor.dims) * elementBytes(tensor);
  const offset = Number(facts.get('offset') ?? 0);
  const stated = Number(facts.get('length') ?? length);
  const { size } = await stat(path);
  const fits = Number.isSafeInteger(offset) && offset >= 0 && stated === length && offset + length <= size;
  if (!fits)
    throw modelInvalid(
      `Tensor ${name} does not fit its place in ${location}: ${length} bytes from ${offset} of ${size}`,
    );
  return { path, offset, length };
}

// A model is somebody else's file: what it names must lie in its own folder, also after links are followed.
async function resolveInside(folder: string, location: string): Promise<string> {
  const isPlain = location !== '' && !isAbsolute(location) && !/[\\\0:]/.test(location);
  if (!isPlain || location.split('/').includes('..')) throw modelInvalid('it is not a plain name below the model');
  const path = await realpath(join(folder, location));
  if (!path.startsWith(folder + sep)) throw modelInvalid('it lies outside of the folder of the model');
  if (!(await stat(path)).isFile()) throw modelInvalid('it is not a file');
  return path;
}

async function fill(places: readonly { tensor: OnnxTensor; place: Place }[]): Promise<void> {
  const files = new Map<string, FileHandle>();
  try {
    for (const { tensor, place } of places) {
      const file = files.get(place.path) ?? (await open(place.path, 'r'));
      files.set(place.path, file);
      const values = new Uint8Array(place.length);
      const { bytesRead } = await file.read(values, 0, place.length, place.offset);
      if (bytesRead !== place.length) throw modelInvalid(`Tensor ${tensor.name} ends before its last value`);
      tensor.rawData = values;
      delete tensor.externalData;
      delete tensor.dataLocation;
    }
  } finally {
    for (const file of files.values()) await file.close();
  }
}
