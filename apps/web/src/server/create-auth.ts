import type { Studio } from '@embedding-studio/composition';
import { APIError } from 'better-auth/api';
import { betterAuth } from 'better-auth/minimal';
import { nextCookies } from 'better-auth/next-js';
import { genericOAuth } from 'better-auth/plugins/generic-oauth';
import { limitTries } from './limit-tries';
import type { Backend } from './load-backend';
import type { WebSettings } from './settings';

const dayS = 86_400;
export const oidcProvider = 'oidc';
export const invitationHeader = 'x-console-invitation';
export const setUpHeader = 'x-console-set-up';

export interface AuthParts {
  settings: WebSettings;
  backend: Backend;
  studio: Studio;
}

/** Sign-in by password and, where set, by OpenID Connect. Nobody gets an account without being admitted. */
export function createAuth({ settings, backend, studio }: AuthParts) {
  const { signInTables } = backend.composition;
  return betterAuth({
    appName: 'Embedding Studio',
    baseURL: settings.CONSOLE_URL,
    secret: settings.CONSOLE_SECRET,
    database: studio.signIn,
    telemetry: { enabled: false },
    emailAndPassword: { enabled: true, minPasswordLength: 10, maxPasswordLength: 200 },
    user: {
      modelName: signInTables.user,
      additionalFields: {
        role: { type: 'string', required: false, input: false },
        projectRoles: { type: 'json', required: false, input: false },
        disabledAt: { type: 'date', required: false, input: false },
      },
    },
    session: { modelName: signInTables.session, expiresIn: 7 * dayS, updateAge: dayS },
    // Only an address that the provider has verified leads to an account that is there already.
    account: { modelName: signInTables.account, accountLinking: { enabled: true } },
    verification: { modelName: signInTables.verification },
    rateLimit: {
      enabled: true,
      window: 60,
      max: 300,
      customRules: {
        '/sign-in/email': { window: 60, max: 10 },
        '/sign-up/email': { window: 60, max: 10 },
        '/sign-in/social': { window: 60, max: 30 },
      },
    },
    advanced: {
      cookiePrefix: 'embedding-studio',
      // The library leaves it out under test runners.
      disableOriginCheck: false,
      useSecureCookies: settings.CONSOLE_URL.startsWith('https:'),
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax' },
    },
    hooks: { before: limitTries(studio.openRateLimiter('sign-in')) },
    databaseHooks: {
      user: {
        create: { before: (user, context) => admit({ settings, backend, studio, user, headers: context?.headers }) },
      },
      session: { create: { before: (session) => refuseDisabled(studio, session.userId) } },
    },
    plugins: [...oidcPlugins(settings), nextCookies()],
  });
}

interface Newcomer extends AuthParts {
  user: { email: string; emailVerified?: boolean };
  headers: Headers | undefined;
}

async function admit({ settings, backend, studio, user, headers }: Newcomer) {
  const setUp = headers?.get(setUpHeader) ?? null;
  const access = await backend.core.admitUser(studio.deps, {
    email: user.email,
    invitationToken: headers?.get(invitationHeader) ?? null,
    isFirst: setUp !== null && backend.core.isSetUpCode(setUp, settings.CONSOLE_SECRET),
    // Passwords come with an address that nobody has verified; providers say that they have.
    isVouchedFor: user.emailVerified === true,
    defaultRole: settings.OIDC_DEFAULT_ROLE ?? null,
  });
  if (access === null)
    throw new APIError('FORBIDDEN', {
      code: 'NOT_INVITED',
      message: 'This link is used up, expired or for another address. Ask an admin for a new invitation.',
    });
  // By an invitation or the set-up code the address is known to be theirs; the same person may come by the provider.
  return { data: { ...user, ...access, emailVerified: true } };
}

async function refuseDisabled(studio: Studio, userId: string): Promise<void> {
  const user = await studio.deps.users.findUser(userId);
  if (user?.disabledAt)
    throw new APIError('FORBIDDEN', { code: 'DISABLED', message: 'This account is disabled. Ask an admin.' });
}

function oidcPlugins({ OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET }: WebSettings) {
  if (OIDC_ISSUER === undefined || OIDC_CLIENT_ID === undefined) return [];
  const provider = {
    providerId: oidcProvider,
    discoveryUrl: `${OIDC_ISSUER.replace(/\/$/, '')}/.well-known/openid-configuration`,
    clientId: OIDC_CLIENT_ID,
    clientSecret: OIDC_CLIENT_SECRET,
    scopes: ['openid', 'email', 'profile'],
    pkce: true,
    requireIdTokenVerification: true,
  };
  return [genericOAuth({ config: [provider] })];
}
