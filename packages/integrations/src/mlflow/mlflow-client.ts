import { StudioError } from '@embedding-studio/contracts';
import { z } from 'zod';

export interface MlflowSettings {
  /** Base URL of a tracking server that serves its artefacts (`mlflow server`, its default). */
  url: string;
  /** Bearer token, or `user:password` for basic authentication. */
  credentials?: { token: string } | { user: string; password: string };
  /** Before the names of experiments and models, for a server that others use too; only those are listed. */
  prefix: string;
  /** For one request, milliseconds. */
  timeoutMs: number;
}

const Refusal = z.object({ error_code: z.string(), message: z.string() });
/** What the server says of something that is not there. */
const unknownCodes = new Set(['RESOURCE_DOES_NOT_EXIST', 'NOT_FOUND', 'ENDPOINT_NOT_FOUND']);
const existsCodes = new Set(['RESOURCE_ALREADY_EXISTS', 'ALREADY_EXISTS']);

/** A request that the server understood and refused; adapters turn it into what the port promises. */
export class MlflowRefusal extends StudioError {
  readonly errorCode: string;

  constructor(errorCode: string, message: string) {
    super('INPUT_INVALID', `MLflow: ${message}`);
    this.errorCode = errorCode;
  }

  get isUnknown(): boolean {
    return unknownCodes.has(this.errorCode);
  }

  get isExisting(): boolean {
    return existsCodes.has(this.errorCode);
  }
}

export type MlflowClient = ReturnType<typeof createMlflowClient>;

/**
 * The REST API 2.0 of MLflow (https://mlflow.org/docs/latest/rest-api.html).
 * @throws StudioError STORE_UNAVAILABLE when it cannot be reached or fails; MlflowRefusal when it refuses.
 */
export function createMlflowClient(settings: MlflowSettings) {
  const root = settings.url.replace(/\/+$/, '');
  const send = async (path: string, init: RequestInit): Promise<Response> => {
    const headers = { ...authorisation(settings), ...init.headers };
    const signal = AbortSignal.timeout(settings.timeoutMs);
    const answer = await fetch(`${root}${path}`, { ...init, headers, signal }).catch((cause: unknown) => {
      const why = signal.aborted ? `did not answer within ${settings.timeoutMs} ms` : 'cannot be reached';
      throw new StudioError('STORE_UNAVAILABLE', `The MLflow server ${why}.`, { cause });
    });
    if (!answer.ok) throw await toError(answer);
    return answer;
  };
  const api = (path: string) => `/api/2.0/mlflow/${path}`;
  return {
    async get<T>(path: string, parameters: Record<string, string>, answer: z.ZodType<T>): Promise<T> {
      return read(await send(`${api(path)}?${new URLSearchParams(parameters)}`, { method: 'GET' }), answer);
    },
    async post<T>(path: string, body: object, answer: z.ZodType<T>): Promise<T> {
      return read(await send(api(path), { method: 'POST', ...jsonBody(body) }), answer);
    },
    async delete(path: string, body: object): Promise<void> {
      await send(api(path), { method: 'DELETE', ...jsonBody(body) });
    },
    /** Bytes of an artefact that the server keeps or hands on; null when there is none. */
    async download(path: string): Promise<Uint8Array | null> {
      try {
        return new Uint8Array(await (await send(artefactUrl(path), { method: 'GET' })).arrayBuffer());
      } catch (error) {
        if (error instanceof MlflowRefusal && error.isUnknown) return null;
        throw error;
      }
    },
    async upload(path: string, bytes: Uint8Array): Promise<void> {
      const headers = { 'content-type': 'application/octet-stream' };
      await send(artefactUrl(path), { method: 'PUT', headers, body: new Uint8Array(bytes) });
    },
  };
}

const jsonBody = (body: object) => ({
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

const artefactUrl = (path: string): string =>
  `/api/2.0/mlflow-artifacts/artifacts/${path.split('/').map(encodeURIComponent).join('/')}`;

/** Nothing is asked of the answer. */
export const anything: z.ZodType<unknown> = z.unknown();

function authorisation({ credentials }: MlflowSettings): Record<string, string> {
  if (credentials === undefined) return {};
  if ('token' in credentials) return { authorization: `Bearer ${credentials.token}` };
  const pair = Buffer.from(`${credentials.user}:${credentials.password}`).toString('base64');
  return { authorization: `Basic ${pair}` };
}

async function read<T>(answer: Response, shape: z.ZodType<T>): Promise<T> {
  const parsed = shape.safeParse(await answer.json().catch(() => null));
  if (parsed.success) return parsed.data;
  throw new StudioError('STORE_UNAVAILABLE', 'The MLflow server answers in a form that is not known.', {
    cause: parsed.error,
  });
}

async function toError(answer: Response): Promise<StudioError> {
  const text = await answer.text().catch(() => '');
  const refusal = Refusal.safeParse(parse(text)).data;
  if (answer.status === 404) return new MlflowRefusal('NOT_FOUND', refusal?.message ?? 'not found');
  if (answer.status === 401 || answer.status === 403)
    return new StudioError('STORE_UNAVAILABLE', `The MLflow server refuses the credentials (${answer.status}).`);
  if (answer.status < 500 && refusal !== undefined) return new MlflowRefusal(refusal.error_code, refusal.message);
  return new StudioError('STORE_UNAVAILABLE', `The MLflow server answered ${answer.status}: ${text.slice(0, 300)}`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
