/** How many requests a caller may send in a window, and how many it has sent. */
export interface RateState {
  limit: number;
  /** Requests left in the window, 0 when over the limit. */
  remaining: number;
  /** Seconds until the window ends, whole, at least 1. */
  resetSeconds: number;
  windowSeconds: number;
  isOver: boolean;
}

/** Counts requests in windows of fixed length that begin with the first request. Shared by processes where it can be. */
export interface RateLimiter {
  /** Counts one request. A store that is away never refuses anybody: the count goes on in the process itself. */
  count(request: { key: string; limit: number }): Promise<RateState>;
  close(): Promise<void>;
}
