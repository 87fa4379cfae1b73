import { StudioError } from '@embedding-studio/contracts/studio-error';
import { page } from './page.ts';

/** As REST takes it; its id makes it safe to send twice. */
export interface OutgoingEvent {
  session_id: string;
  event_id: string;
  object_id: string;
  event_type: string;
  created_at: number;
  position?: number;
  dwell_time?: number;
  meta?: Record<string, unknown>;
}

export interface EventSender {
  add(event: OutgoingEvent): void;
  /** Sends all that waits in a way that outlives the page. What cannot be handed over waits on. */
  beacon(): void;
  flush(): Promise<void>;
  /** A JSON request that outlives the page. */
  post(path: string, body: unknown): Promise<void>;
}

export interface EventSenderOptions {
  url: string;
  apiKey: string;
  flushAfterMs?: number;
}

const requestMs = 10_000;
/** Browsers hand over at most 64 KiB at a time. */
const beaconEventsMax = 100;
const batchMax = 500;
/** A gateway that stays away does not fill the memory of a page. */
const waitingMax = 5_000;

export function createEventSender({ url, apiKey, flushAfterMs = 2_000 }: EventSenderOptions): EventSender {
  const api = `${url.replace(/\/$/, '')}/api/v1`;
  const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };
  let waiting: OutgoingEvent[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: Promise<void> | null = null;

  const post = async (path: string, body: unknown): Promise<void> => {
    const signal = AbortSignal.timeout(requestMs);
    const init = { method: 'POST', headers, body: JSON.stringify(body), keepalive: true, signal };
    const response = await fetch(`${api}${path}`, init);
    if (!response.ok) throw await refusalOf(response);
    await response.body?.cancel();
  };
  const sendAll = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting.splice(0, batchMax);
      try {
        await post('/clickstream/events/batch', { events: batch });
      } catch (error) {
        if (isLasting(error)) throw error;
        waiting = [...batch, ...waiting].slice(-waitingMax);
        throw error;
      }
    }
  };
  const flush = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    running ??= sendAll().finally(() => {
      running = null;
    });
    return running;
  };
  const plan = (): void => {
    timer ??= setTimeout(() => void flush().catch(() => waiting.length > 0 && plan()), flushAfterMs);
  };
  return {
    post,
    flush,
    add(event) {
      waiting = [...waiting, event].slice(-waitingMax);
      plan();
    },
    beacon() {
      const { navigator } = page;
      if (typeof navigator?.sendBeacon !== 'function') {
        void flush().catch(() => waiting.length > 0 && plan());
        return;
      }
      while (waiting.length > 0) {
        const batch = waiting.slice(0, beaconEventsMax);
        // Plain text needs no preflight, for which a closing page has no time; a beacon carries no headers.
        const body = JSON.stringify({ api_key: apiKey, events: batch });
        if (!navigator.sendBeacon(`${api}/clickstream/beacon`, body)) break;
        waiting = waiting.slice(batch.length);
      }
      if (waiting.length > 0) void flush().catch(() => waiting.length > 0 && plan());
    },
  };
}

async function refusalOf(response: Response): Promise<StudioError> {
  const body = (await response.json().catch(() => ({}))) as { code?: string; detail?: string; field?: string };
  const isPassing = response.status === 429 || response.status >= 500;
  const code = isPassing ? 'STORE_UNAVAILABLE' : 'INPUT_INVALID';
  const message = `${response.status} ${body.code ?? ''}: ${body.detail ?? 'the gateway refused'}`;
  return new StudioError(code, message, { field: body.field });
}

/** A refusal would only be repeated, so its events are given up. */
function isLasting(error: unknown): boolean {
  return error instanceof StudioError && error.code === 'INPUT_INVALID';
}
