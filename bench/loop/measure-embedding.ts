import { StudioError } from '@embedding-studio/contracts';
import { planLengthBatches } from '@embedding-studio/ml/text';
import { alternate, inverse } from '../alternate.ts';
import { feedsOf, openBareSession, openTokenizer } from './bare-session.ts';
import type { Measurement } from './measurement.ts';
import type { Bench } from './open-bench.ts';

const cosineMin = 0.9999;

/** Texts through tokenizer, HTTP and model server, against session.run on the same, already tokenised batches. */
export async function measureEmbedding(bench: Bench, repeats: number): Promise<Measurement> {
  const { ctx, modelId, files } = bench;
  const texts = bench.items.flatMap((item) => item.parts);
  const tokenizer = await openTokenizer(bench);
  const rows = texts.map((text) => tokenizer.tokenize(files.manifest.itemPrefix + text));
  const lengths = rows.map((row) => row.length);
  const plan = planLengthBatches(lengths, bench.batchTexts);
  const batches = plan.map((batch) => tokenizer.padRows(batch.map((index) => rows[index] ?? [])));
  const session = await openBareSession(bench);
  const embed = () => ctx.deps.encoder.embed({ modelId, texts, kind: 'item' });
  try {
    const first = await session.run(feedsOf(bench, batches[0] ?? tokenizer.padRows([])));
    checkSame((await embed())[plan[0]?.[0] ?? 0], first[files.manifest.output]?.data as Float32Array);
    const compared = await alternate({
      ours: { name: 'encoder and model server, from texts', run: embed },
      bare: {
        name: 'onnxruntime, from token batches',
        run: async () => {
          for (const batch of batches) await session.run(feedsOf(bench, batch));
        },
      },
      repeats,
    });
    const tokens = lengths.reduce((sum, length) => sum + length, 0);
    return {
      name: 'embedding',
      what: `throughput of embedding ${texts.length} texts (${(tokens / texts.length).toFixed(0)} tokens on average, batches of ${bench.batchTexts})`,
      goal: { at: 'least', value: 0.95 },
      ratio: inverse(compared.timesBare),
      compared,
      facts: { texts: texts.length, tokens, textsPerSecond: texts.length / compared.ours.seconds.median },
    };
  } finally {
    await session.release();
  }
}

/** Both sides must have done the same work. */
function checkSame(served: Float32Array | undefined, bare: Float32Array): void {
  const cosine = served?.reduce((sum, value, index) => sum + value * (bare[index] ?? 0), 0) ?? 0;
  if (cosine < cosineMin) throw new StudioError('INTERNAL', `served and bare vectors differ: cosine ${cosine}`);
}
