import { loadTokenizer } from '../text/tokenizer.ts';
import { type EncodingHost, encodeAll, type OpenEncoder } from './encode-texts.ts';
import { loadModelFolder } from './model-folder.ts';
import { openSession, type SessionOptions } from './training-session.ts';

export interface TimingJob {
  modelFolders: readonly string[];
  texts: readonly string[];
  threads: number;
  executionProviders: readonly string[];
}

const warmUps = 5;

/**
 * Milliseconds of encoding each query alone, tokenising included, by every model: [model][text]. The models take
 * turns at each text, and the turn changes, so that whatever else the machine does slows all of them alike.
 */
export async function timeQueries(
  job: TimingJob,
  host: Pick<EncodingHost, 'isAborted' | 'warn'> & { now(): number },
): Promise<number[][]> {
  const opened: OpenEncoder[] = [];
  const quiet = { isAborted: host.isAborted, onProgress: () => {} };
  try {
    for (const folder of job.modelFolders) opened.push(await openEncoder(folder, job, host));
    const encode = (encoder: OpenEncoder, text: string) => encodeAll(encoder, { texts: [text], kind: 'query' }, quiet);
    for (const text of job.texts.slice(0, warmUps)) for (const encoder of opened) await encode(encoder, text);
    const times: number[][] = opened.map(() => []);
    for (const [at, text] of job.texts.entries())
      for (let turn = 0; turn < opened.length; turn++) {
        const index = (at + turn) % opened.length;
        const started = host.now();
        await encode(opened[index] as OpenEncoder, text);
        times[index]?.push(host.now() - started);
      }
    return times;
  } finally {
    for (const { session } of opened) await session.release();
  }
}

async function openEncoder(folder: string, job: TimingJob, host: Pick<EncodingHost, 'warn'>): Promise<OpenEncoder> {
  const { manifest, onnx, tokenizerJson } = loadModelFolder(folder);
  const options: SessionOptions = { threads: job.threads, executionProviders: job.executionProviders, warn: host.warn };
  const { session } = await openSession(onnx, options);
  return { session, manifest, tokenizer: loadTokenizer(tokenizerJson, { maxTokens: manifest.maxTokens }) };
}
