import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TrainedTensor } from './adam.ts';
import { messageOf } from './training-session.ts';
import { writeFileAtomically } from './write-file.ts';

/** What, besides weights and moments, the rest of a run depends on. Draws are a function of seed and step alone. */
export interface RunState {
  step: number;
  /** Wall-clock seconds used so far, in all attempts. */
  seconds: number;
  /** Losses of the first and of the latest steps, for the report. */
  lossesFirst: number[];
  lossesLast: number[];
  /** Active pairs of the first and of the latest step; null for losses without pairs. */
  pairsFirst: number | null;
  pairsLast: number | null;
}

export const createRunState = (): RunState => ({
  step: 0,
  seconds: 0,
  lossesFirst: [],
  lossesLast: [],
  pairsFirst: null,
  pairsLast: null,
});

interface Header {
  /** Hash of model, examples and settings: a checkpoint of another run is never resumed. */
  identity: string;
  state: RunState;
  tensors: { name: string; length: number }[];
}

const kept = 2;
const hashBytes = 32;
const lengthBytes = 4;

export interface CheckpointStore {
  save(state: RunState, tensors: readonly TrainedTensor[]): void;
  /** Fills the tensors from the newest whole checkpoint of this run; null when there is none. */
  restore(tensors: readonly TrainedTensor[]): RunState | null;
}

/** Checkpoints in a folder: header length, JSON header, float32 weights and moments, SHA-256 of all before. */
export function openCheckpoints(
  folder: string,
  identity: string,
  warn: (fields: Record<string, unknown>, message: string) => void,
): CheckpointStore {
  // Named by run, so that one run neither resumes nor prunes the files of another in the same folder.
  const prefix = `${identity.slice(0, 12)}-`;
  return {
    save: (state, tensors) => {
      const name = `${prefix}${String(state.step).padStart(9, '0')}.ckpt`;
      writeFileAtomically(
        join(folder, name),
        encodeCheckpoint({ identity, state, tensors: describe(tensors) }, tensors),
      );
      for (const old of listCheckpoints(folder, prefix).slice(kept)) rmSync(join(folder, old));
    },
    restore: (tensors) => {
      for (const name of listCheckpoints(folder, prefix)) {
        try {
          return readCheckpoint(join(folder, name), { identity, tensors });
        } catch (error) {
          warn({ file: name, reason: messageOf(error) }, 'checkpoint is not usable: trying an older one');
        }
      }
      return null;
    },
  };
}

const describe = (tensors: readonly TrainedTensor[]) =>
  tensors.map(({ name, values }) => ({ name, length: values.length }));

function listCheckpoints(folder: string, prefix: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.startsWith(prefix) && name.endsWith('.ckpt'))
    .sort()
    .reverse();
}

const arraysOf = (tensor: TrainedTensor) => [tensor.values, tensor.firstMoment, tensor.secondMoment];

const bytesOf = (values: Float32Array) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

function encodeCheckpoint(header: Header, tensors: readonly TrainedTensor[]): Uint8Array[] {
  const text = Buffer.from(JSON.stringify(header), 'utf8');
  const length = Buffer.alloc(lengthBytes);
  length.writeUInt32LE(text.length);
  const chunks = [length, text, ...tensors.flatMap(arraysOf).map(bytesOf)];
  const hash = createHash('sha256');
  for (const chunk of chunks) hash.update(chunk);
  return [...chunks, hash.digest()];
}

function readCheckpoint(
  path: string,
  { identity, tensors }: { identity: string; tensors: readonly TrainedTensor[] },
): RunState {
  const bytes = readFileSync(path);
  const end = bytes.length - hashBytes;
  const isWhole =
    end > lengthBytes && createHash('sha256').update(bytes.subarray(0, end)).digest().equals(bytes.subarray(end));
  if (!isWhole) throw new RangeError('the hash does not match');
  const start = lengthBytes + bytes.readUInt32LE(0);
  const header = JSON.parse(bytes.toString('utf8', lengthBytes, start)) as Header;
  const isOurs = header.identity === identity && JSON.stringify(header.tensors) === JSON.stringify(describe(tensors));
  if (!isOurs) throw new RangeError('it was written by another run');
  let at = start;
  for (const values of tensors.flatMap(arraysOf)) {
    bytesOf(values).set(bytes.subarray(at, at + values.byteLength));
    at += values.byteLength;
  }
  return header.state;
}
