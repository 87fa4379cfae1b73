import { type LossSpec, StudioError } from '@embedding-studio/contracts';

/**
 * The loss for vectors of `dims`: prefixes always end with the whole vector, which is what is searched by default.
 * @throws StudioError INPUT_INVALID for a prefix longer than the vector.
 */
export function resolveLoss(loss: LossSpec, dims: number): LossSpec {
  const { matryoshkaDims = [] } = loss;
  if (matryoshkaDims.length === 0) return loss;
  const longest = Math.max(...matryoshkaDims);
  if (longest > dims)
    throw new StudioError('INPUT_INVALID', `matryoshkaDims: ${longest} is more than the ${dims} of this model`, {
      field: 'matryoshkaDims',
    });
  return { ...loss, matryoshkaDims: [...new Set([...matryoshkaDims, dims])].sort((a, b) => a - b) };
}
