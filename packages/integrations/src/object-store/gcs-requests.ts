import { StudioError } from '@embedding-studio/contracts';
import { createAuthorizer, type GcsCredentials } from './gcs-credentials.ts';
import { type ObjectAnswer, type ObjectSink, type Patience, receive, receiveWhole } from './patient-requests.ts';

export interface GcsStoreSettings extends Patience {
  bucket: string;
  /** Before every key: empty, or it ends with a slash. */
  prefix: string;
  credentials: GcsCredentials;
}

export interface GcsRequest {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `endpoint`, or the whole address of an upload, which is a secret of its own and takes no credentials. */
  path: string;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  body?: Uint8Array;
}

export interface GcsSender {
  send(request: GcsRequest): Promise<ObjectAnswer>;
  /** As `send`, for bodies that are not kept in memory. */
  receive(request: GcsRequest, sink: ObjectSink): Promise<Omit<ObjectAnswer, 'body'>>;
}

/** Requests to Google Cloud Storage's JSON API, with the patience of the settings. */
export function createGcsSender(settings: GcsStoreSettings): GcsSender {
  const authorize = createAuthorizer(settings.credentials, settings);
  const base = settings.endpoint.replace(/\/+$/, '');
  const make = (request: GcsRequest) => async (): Promise<Request> => {
    const isUpload = !request.path.startsWith('/');
    const url = new URL(isUpload ? request.path : `${base}${request.path}`);
    for (const [name, value] of Object.entries(request.query ?? {})) url.searchParams.set(name, value);
    const headers = { ...request.headers, ...(isUpload ? {} : await authorize()) };
    return new Request(url, {
      ...{ method: request.method, headers },
      ...(request.body && { body: new Uint8Array(request.body) }),
    });
  };
  return {
    send: (request) => receiveWhole(settings, make(request)),
    receive: (request, sink) => receive(settings, make(request), sink),
  };
}

/**
 * Passes a successful answer on.
 * @throws StudioError MODEL_NOT_FOUND for a key that is not there, STORE_UNAVAILABLE for anything that the settings or
 * the store have to mend
 */
export function requireGcsSuccess(answer: ObjectAnswer, key: string): ObjectAnswer {
  const { status } = answer;
  if (status >= 200 && status < 300) return answer;
  const text = Buffer.from(answer.body).toString('utf8').slice(0, 300);
  if (status === 404 && (key === '' || /bucket does not exist/i.test(text)))
    throw faulty('GCS_BUCKET', 'there is no such bucket');
  if (status === 404) throw new StudioError('MODEL_NOT_FOUND', `There is no object at ${key}.`);
  if (status === 401 || status === 403)
    throw faulty('GCS_SERVICE_ACCOUNT', `the account may not use the bucket (${status})`);
  throw new StudioError('STORE_UNAVAILABLE', `The object store answered ${status} at ${key}: ${text}`);
}

function faulty(setting: string, why: string): StudioError {
  return new StudioError('STORE_UNAVAILABLE', `The object store cannot be used. ${setting}: ${why}.`);
}

/** Of the JSON of a successful answer; null where it is none. */
export function readJson({ body }: ObjectAnswer): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    return null;
  }
}
