import { settingsOf } from '../settings-schema.ts';
import { type Environment, type Finding, fail, ok, warn } from './finding.ts';

const secrets = [
  { name: 'CONSOLE_SECRET', bytes: 32, use: 'signs cookies' },
  { name: 'SECRETS_KEY', bytes: 32, use: 'encrypts the secrets of data sources' },
] as const;
/** Of one character, or of few: typed by hand, not drawn. */
const differentMin = 8;

function judgeSecret(environment: Environment, { name, bytes, use }: (typeof secrets)[number]): Finding {
  const value = environment[name] ?? '';
  const advice = `Set ${name} to ${bytes} random characters or more:  openssl rand -hex 32`;
  if (value === '') return fail(name, `is not set: it ${use}`, advice);
  if (value.length < bytes) return fail(name, `has ${value.length} characters`, advice);
  if (new Set(value).size < differentMin) return fail(name, 'is not random', advice);
  return ok(name, `${value.length} characters`);
}

/** Addresses that people and tokens travel over. */
function judgeAddress(environment: Environment, name: string): Finding[] {
  const value = environment[name] ?? '';
  if (value === '' || !URL.canParse(value)) return [];
  const { protocol, hostname } = new URL(value);
  if (['https:', 'rediss:', 'grpcs:'].includes(protocol)) return [ok(name, protocol.slice(0, -1))];
  const isNear = /^(localhost|127\.|\[::1\]$)/.test(hostname) || !hostname.includes('.');
  const advice = `Give an address with TLS where ${hostname} is reached over a network that others share.`;
  if (name === 'CONSOLE_URL')
    return [fail(name, value, 'Give the https address that browsers see: cookies travel over it.')];
  return isNear ? [ok(name, `${protocol.slice(0, -1)} to ${hostname}, a near host`)] : [warn(name, 'no TLS', advice)];
}

/** What the environment alone tells. */
export function judgeSettings(environment: Environment): Finding[] {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = settingsOf(true).safeParse(given);
  const faults = parsed.success ? [] : parsed.error.issues.map(({ path, message }) => [path.join('.'), message]);
  const stores = ['REDIS_URL', 'TRITON_URL', 'TRITON_GRPC_URL', 'MLFLOW_TRACKING_URI', 'S3_ENDPOINT', 'GCS_ENDPOINT'];
  const addresses = ['CONSOLE_URL', 'GATEWAY_URL', ...stores];
  return [
    ...faults.map(([name = '', message = '']) => fail(name || 'environment', message, 'See .env.example.')),
    ...secrets.map((secret) => judgeSecret(environment, secret)),
    (environment.CONSOLE_URL ?? '') === ''
      ? fail('CONSOLE_URL', 'is not set', 'Give the https address that browsers see.')
      : null,
    (environment.METRICS_TOKEN ?? '') === ''
      ? warn(
          'METRICS_TOKEN',
          'is not set: only the same machine reads metrics',
          'Set it where Prometheus runs elsewhere.',
        )
      : ok('METRICS_TOKEN', 'is set'),
    ...addresses.flatMap((name) => judgeAddress(environment, name)),
  ].filter((finding) => finding !== null);
}
