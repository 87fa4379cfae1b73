import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ModelCheck, ModelManifest, type ModelRecord, StudioError } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import { derivedId } from '../content-hash.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';
import { registerModel } from './register-model.ts';

export const RegisterBaseModelInput = z.object({
  /** A local folder with `model.onnx`, `tokenizer.json` and `manifest.json`. */
  folder: z.string().min(1),
});
export type RegisterBaseModelInput = z.input<typeof RegisterBaseModelInput>;

/** Checks an encoder and stores it. The same files return the same model. */
export async function registerBaseModel({
  ctx,
  input,
  onChecked,
}: {
  ctx: Ctx;
  input: RegisterBaseModelInput;
  /** Called with what the self-check found, before the model is stored. */
  onChecked?: (check: ModelCheck) => void;
}): Promise<ModelRecord> {
  authorise(ctx, 'model.write');
  const { folder } = parseInput(RegisterBaseModelInput, input);
  const manifest = await readManifest(folder);
  const { 'model.onnx': onnx, 'tokenizer.json': tokenizer, 'image.onnx': tower } = manifest.files;
  const id = derivedId('mdl', ['base', manifest.name, onnx, tokenizer, ...(tower ? [tower] : [])].join(':'));
  const signal = ctx.signal ?? new AbortController().signal;
  onChecked?.(await ctx.deps.trainer.checkModel(folder, signal));
  const model = await registerModel(ctx, { id, folder, manifest });
  await recordAudit(ctx, { action: 'model.register', subject: id, detail: { name: manifest.name } });
  return model;
}

async function readManifest(folder: string): Promise<ModelManifest> {
  const path = join(folder, 'manifest.json');
  try {
    return parseInput(ModelManifest, JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    throw new StudioError('MODEL_INVALID', `manifest.json cannot be read: ${String(cause)}`, {
      field: 'folder',
      cause,
    });
  }
}
