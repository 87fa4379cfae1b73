import { z } from 'zod';

/** What one setting may be while settings are searched. */
export const SettingRange = z.union([
  z.strictObject({
    from: z.number(),
    to: z.number(),
    scale: z.enum(['linear', 'log']).default('linear'),
    isWhole: z.boolean().default(false),
  }),
  z.strictObject({ values: z.array(z.unknown()).min(1).max(50) }),
]);
export type SettingRange = z.infer<typeof SettingRange>;

/** Trials of settings before the training that counts. */
export const SettingsSearch = z.strictObject({
  /** Of all trials together, real time. */
  secondsMax: z.number().min(10).max(604_800),
  /** On the first rung; the first of them is the settings as given. */
  trials: z.number().int().min(2).max(200).default(9),
  seed: z.number().int().min(0).max(2_147_483_647).default(1),
  /** By the name of the setting. Absent: what the method's schema names as worth searching. */
  space: z.record(z.string().min(1).max(100), SettingRange).optional(),
});
export type SettingsSearch = z.infer<typeof SettingsSearch>;
