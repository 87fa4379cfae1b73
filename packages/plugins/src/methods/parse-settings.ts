import { type SettingRange, StudioError, type TrainingSettings } from '@embedding-studio/contracts';
import { z } from 'zod';
import { budgets, recipes } from './recipes.ts';

/** What a search of settings tries where nobody has named ranges; see docs/settings-search.md. */
export const worthSearching = (search: z.input<typeof SettingRange>) => ({ search });

const layers = z.number().int().min(1).max(100);

const Trainable = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('all') }),
  z.strictObject({ kind: z.literal('lastLayers'), layers: layers.default(1) }),
  z.strictObject({
    kind: z.literal('lora'),
    rank: z.number().int().min(1).max(256).default(8),
    alpha: z.number().positive().max(1024).default(16),
    layers: z.union([layers, z.literal('all')]).default('all'),
  }),
]);

/** Keys that every method takes. A key given wins over the budget's value; null lifts a cap. */
export const commonKeys = {
  budget: z.enum(budgets).default('quick'),
  trainable: Trainable.default({ kind: 'all' }).meta(
    worthSearching({
      values: [{ kind: 'all' }, { kind: 'lastLayers', layers: 1 }, { kind: 'lora', rank: 8, alpha: 16, layers: 'all' }],
    }),
  ),
  batchQueries: z
    .number()
    .int()
    .min(2)
    .max(1024)
    .optional()
    .meta(worthSearching({ values: [8, 16, 32] })),
  accumulationSteps: z.number().int().min(1).max(256).default(1),
  epochsMax: z.number().int().min(1).max(20).optional(),
  stepsMax: z.number().int().min(1).max(1_000_000).nullable().optional(),
  secondsMax: z.number().min(1).max(604_800).nullable().optional(),
  learningRate: z
    .number()
    .positive()
    .max(0.1)
    .optional()
    .meta(worthSearching({ from: 3e-6, to: 3e-4, scale: 'log' })),
  warmupShare: z.number().min(0).max(0.5).default(0.1),
  weightDecay: z.number().min(0).max(1).default(0.01),
  gradientNormMax: z.number().positive().max(1000).default(1),
  maxTokens: z.number().int().min(4).max(512).optional(),
  debias: z.enum(['auto', 'off']).default('auto'),
  seed: z.number().int().min(0).max(2_147_483_647).default(1),
  threads: z.number().int().min(1).max(64).default(2),
  checkpointEverySteps: z.number().int().min(1).max(100_000).default(25),
};

export const temperature = z.number().min(0.001).max(1);
export const negativesPerQuery = z.number().int().min(0).max(50);

/**
 * Parses untrusted settings by a method's schema.
 * @throws StudioError INPUT_INVALID with the dotted path of the first faulty key.
 */
export function parseKeys<Schema extends z.ZodType>(
  schema: Schema,
  settings: Record<string, unknown>,
): z.infer<Schema> {
  const parsed = schema.safeParse(settings);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  const field = [...(issue?.path ?? []), ...unknown].map(String).join('.');
  throw new StudioError('INPUT_INVALID', `Setting ${field || '(all)'}: ${issue?.message ?? 'is not valid'}`, { field });
}

type CommonSettings = z.infer<z.ZodObject<typeof commonKeys>>;

/** Fills what was not given from the budget's recipe. */
export function applyRecipe(keys: CommonSettings): Omit<TrainingSettings, 'loss'> {
  const { budget, ...given } = keys;
  const recipe = recipes[budget];
  return {
    trainable: given.trainable,
    batchQueries: given.batchQueries ?? recipe.batchQueries,
    accumulationSteps: given.accumulationSteps,
    epochsMax: given.epochsMax ?? recipe.epochsMax,
    stepsMax: given.stepsMax === undefined ? recipe.stepsMax : given.stepsMax,
    secondsMax: given.secondsMax === undefined ? recipe.secondsMax : given.secondsMax,
    learningRate: given.learningRate ?? null,
    warmupShare: given.warmupShare,
    weightDecay: given.weightDecay,
    gradientNormMax: given.gradientNormMax,
    maxTokens: given.maxTokens ?? recipe.maxTokens,
    debias: given.debias,
    seed: given.seed,
    threads: given.threads,
    checkpointEverySteps: given.checkpointEverySteps,
  };
}
