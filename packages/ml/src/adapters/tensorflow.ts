import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import * as core from '@tensorflow/tfjs-core';

export type TensorFlow = typeof core;

export interface OpenTensorFlow {
  tf: TensorFlow;
  /** Package and backend that compute, e.g. `tfjs wasm`. */
  backend: string;
}

/** Fastest first; none of them is installed unless an operator did so. */
const natives = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'];

let opened: Promise<OpenTensorFlow> | null = null;

/** The fastest TensorFlow.js that works here, found once per thread. */
export function openTensorFlow(): Promise<OpenTensorFlow> {
  opened ??= open();
  return opened;
}

async function open(): Promise<OpenTensorFlow> {
  for (const name of natives) {
    const tf = await importNative(name);
    if (tf !== null) return { tf, backend: name.replace('@tensorflow/', '') };
  }
  if (await startWasm()) return { tf: core, backend: 'tfjs wasm' };
  await import('@tensorflow/tfjs-backend-cpu');
  await core.setBackend('cpu');
  return { tf: core, backend: 'tfjs cpu' };
}

/** null where the package or its library is missing, or was built for another Node. */
async function importNative(name: string): Promise<TensorFlow | null> {
  try {
    const tf = (await import(name)) as TensorFlow;
    return (await tf.setBackend('tensorflow')) ? tf : null;
  } catch {
    return null;
  }
}

async function startWasm(): Promise<boolean> {
  try {
    const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
    const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
    setWasmPaths(`${dirname(entry)}${sep}`);
    return await core.setBackend('wasm');
  } catch {
    return false;
  }
}
