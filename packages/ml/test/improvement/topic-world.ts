import { toUnit } from '../../src/improvement/index.ts';
import { createRandom } from '../../src/ranking/index.ts';

const dims = 384;

/** One topic among unrelated items: 10 items of it, 500 others, and queries at cosine .64 to the topic's items. */
export function makeTopicWorld(seed: number) {
  const random = createRandom(seed);
  const direction = () => {
    const vector = Float32Array.from({ length: dims }, () => {
      const radius = Math.sqrt(-2 * Math.log(1 - random()));
      return radius * Math.cos(2 * Math.PI * random());
    });
    return toUnit(vector) ?? vector;
  };
  const topic = direction();
  /** At cosine .8 to the topic. */
  const near = () => {
    const noise = direction();
    const mixed = topic.map((value, at) => 0.8 * value + 0.6 * (noise[at] ?? 0));
    return toUnit(mixed) ?? mixed;
  };
  return {
    topicItems: Array.from({ length: 10 }, near),
    others: Array.from({ length: 500 }, direction),
    queries: Array.from({ length: 21 }, near),
  };
}
