import { type ItemInput, StudioError, type Task } from '@embedding-studio/contracts';
import { requestUpsertion } from '@embedding-studio/core';
import { runUpsertion } from '../../packages/core/src/item/run-upsertion.ts';
import { alternate, inverse } from '../alternate.ts';
import type { Measurement } from '../loop/measurement.ts';
import type { Bench } from '../loop/open-bench.ts';

/** As the job cuts its items. */
const batchItems = 128;
const itemsPerTask = 1_000;

/** The upsertion verb on new items, from its task to words and vectors in the live index, against embedding the same texts alone. */
export async function measureUpsertion(bench: Bench, repeats: number): Promise<Measurement> {
  const { encoder, settings } = bench.ctx.deps;
  const inputs = bench.dataset.items.slice(0, bench.items.length);
  const texts = portions(bench, settings.embedBatch);
  let round = 0;
  const compared = await alternate({
    ours: {
      name: 'upsertion: compose, embed, write words and vectors into the live index',
      run: () => upsert(bench, inputs, ++round),
    },
    bare: {
      name: 'embedding alone: the same encoder, texts and portions',
      run: async () => {
        for (const some of texts) await encoder.embed({ modelId: bench.modelId, texts: some, kind: 'item' });
      },
    },
    repeats,
  });
  return {
    name: 'upsertion',
    what: `items per second of an upsertion of ${inputs.length} new items, of the rate of embedding their texts`,
    goal: { at: 'least', value: 0.9 },
    ratio: inverse(compared.timesBare),
    compared,
    facts: { items: inputs.length, itemsPerSecond: inputs.length / compared.ours.seconds.median },
  };
}

/** The texts of the items in the order in which they are given, cut as the job cuts them. */
function portions({ items, dataset }: Bench, textsMax: number): string[][] {
  const partsOf = new Map(items.map(({ id, parts }) => [id, parts]));
  const inOrder = dataset.items.slice(0, items.length);
  const found: string[][] = [];
  for (let start = 0; start < inOrder.length; start += batchItems) {
    const texts = inOrder.slice(start, start + batchItems).flatMap(({ id }) => partsOf.get(id) ?? []);
    for (let from = 0; from < texts.length; from += textsMax) found.push(texts.slice(from, from + textsMax));
  }
  return found;
}

/** Under ids that are new in every round: unchanged items would not be embedded again. */
async function upsert({ ctx }: Bench, inputs: Bench['dataset']['items'], round: number): Promise<void> {
  const { tasks } = ctx.deps;
  const items: ItemInput[] = inputs.map((item) => ({
    ...{ id: `round-${round}-${item.id}`, title: item.title ?? '', text: item.text ?? '', payload: item.payload ?? {} },
  }));
  for (let start = 0; start < items.length; start += itemsPerTask) {
    const { id } = await requestUpsertion({ ctx, input: { items: items.slice(start, start + itemsPerTask) } });
    const claimed = (await tasks.claimTask(id, 600)) as Task<'upsertion'> | null;
    if (claimed === null) throw new StudioError('INTERNAL', 'the upsertion task could not be claimed');
    const claim = { taskId: claimed.id, attempt: claimed.attempt };
    const save = async (change: Parameters<typeof tasks.saveCheckpoint>[1]) =>
      void (await tasks.saveCheckpoint(claim, change));
    const { result, failures } = await runUpsertion({ ctx, input: { task: claimed, save } });
    await tasks.settleTask(claim, { status: 'done', result, failures });
    if (result.failed !== 0) throw new StudioError('INTERNAL', `${result.failed} items failed`);
  }
}
