import { StudioError } from '@embedding-studio/contracts';
import {
  type AccessToken,
  holdToken,
  parseAccessToken,
  parseServiceAccount,
  tokenForm,
} from '../gcs/service-account.ts';
import { type ObjectAnswer, type Patience, receiveWhole } from './patient-requests.ts';

const scope = 'https://www.googleapis.com/auth/devstorage.read_write';
const metadataToken = 'http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/token';

export interface GcsCredentials {
  /**
   * `service-account`: by the JSON of a key. `metadata`: as the account of the machine or the pod, by Google's metadata
   * server. `none`: an emulator asks for nothing.
   */
  kind: 'service-account' | 'metadata' | 'none';
  serviceAccount?: string;
  /** Default: Google's. */
  metadataUrl?: string;
}

/** Headers that let a request in; a token serves until shortly before its end. */
export function createAuthorizer(
  credentials: GcsCredentials,
  patience: Omit<Patience, 'endpoint'>,
): () => Promise<Record<string, string>> {
  if (credentials.kind === 'none') return async () => ({});
  const ask = credentials.kind === 'metadata' ? askMetadata : askService;
  const token = holdToken(() => ask(credentials, patience), Date.now);
  return async () => ({ authorization: `Bearer ${await token()}` });
}

type AskToken = (credentials: GcsCredentials, patience: Omit<Patience, 'endpoint'>) => Promise<AccessToken>;

const askService: AskToken = async ({ serviceAccount = '' }, patience) => {
  const account = parseServiceAccount(serviceAccount);
  if (account === null) throw refused('is not the JSON of a service account key');
  const sign = () => {
    try {
      return tokenForm(account, { scope, nowMs: Date.now() });
    } catch (cause) {
      throw refused('its private key cannot be used', cause);
    }
  };
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const make = async () => new Request(account.token_uri, { method: 'POST', headers, body: sign() });
  return readToken(await receiveWhole({ ...patience, endpoint: account.token_uri }, make), 'the token service');
};

const askMetadata: AskToken = async ({ metadataUrl = metadataToken }, patience) => {
  const make = async () => new Request(metadataUrl, { headers: { 'metadata-flavor': 'Google' } });
  return readToken(await receiveWhole({ ...patience, endpoint: metadataUrl }, make), 'the metadata server');
};

function readToken({ status, body }: ObjectAnswer, who: string): AccessToken {
  const token = status === 200 ? parseAccessToken(Buffer.from(body).toString('utf8')) : null;
  if (token === null) throw refused(`${who} answers ${status}`);
  return token;
}

function refused(why: string, cause?: unknown): StudioError {
  return new StudioError('STORE_UNAVAILABLE', `The object store cannot be used. GCS_SERVICE_ACCOUNT: ${why}.`, {
    cause,
  });
}
