import { Role } from '@embedding-studio/contracts';
import { z } from 'zod';
import type { Backend } from './load-backend';

export const webFragment = z.object({
  CONSOLE_URL: z.url({ protocol: /^https?$/ }).describe('Address under which browsers reach the console.'),
  CONSOLE_SECRET: z.string().min(32).describe('Signs cookies and the set-up code. 32 characters or more.'),
  GATEWAY_URL: z
    .url({ protocol: /^https?$/ })
    .default('http://127.0.0.1:8300')
    .describe('Address of the gateway as applications reach it: stands in the code that the playground copies.'),
  OIDC_ISSUER: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('OpenID Connect provider; empty: passwords only.'),
  OIDC_CLIENT_ID: z.string().min(1).optional(),
  OIDC_CLIENT_SECRET: z.string().min(1).optional(),
  OIDC_NAME: z.string().min(1).default('single sign-on').describe('What the button says after "Continue with".'),
  OIDC_DEFAULT_ROLE: Role.optional().describe('Role of people of the provider without an invitation; empty: no entry.'),
});

function schemaOf({ studioFragment, telemetryFragment, metricsPortFragment }: Backend['composition']) {
  const common = { ...studioFragment.shape, ...telemetryFragment.shape, ...metricsPortFragment.shape };
  return z
    .object({ ...common, ...webFragment.shape })
    .refine(({ OIDC_ISSUER, OIDC_CLIENT_ID }) => OIDC_ISSUER === undefined || OIDC_CLIENT_ID !== undefined, {
      path: ['OIDC_CLIENT_ID'],
      message: 'is needed where OIDC_ISSUER is set.',
    });
}
export type WebSettings = z.infer<ReturnType<typeof schemaOf>>;

/** SETTINGS_INVALID lists every fault. */
export function readSettings({ composition }: Backend): WebSettings {
  return composition.parseSettings(schemaOf(composition), process.env);
}
