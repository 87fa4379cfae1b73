interface Seen {
  /** Bytes of log that the primary had kept. */
  position: number;
  /** When it was first seen there, milliseconds of a clock that never goes back. */
  at: number;
}

export interface Lag {
  /** Since when the primary has been past the position; 0 where it is not, as far as is known. */
  ms: number;
  bytes: number;
}

const seenMax = 600;

/**
 * Where the primary's log stood when. A standby's lag is measured by it, so that neither clocks of servers nor a
 * standby that has lost its primary, and believes itself up to date, are trusted.
 */
export class PrimaryLog {
  private readonly seen: Seen[] = [];

  note(position: number, at: number): void {
    const last = this.seen.at(-1);
    if (last !== undefined && position <= last.position) return;
    this.seen.push({ position, at });
    if (this.seen.length > seenMax) this.seen.shift();
  }

  lagOf(replayed: number, now: number): Lag {
    const first = this.seen.find(({ position }) => position > replayed);
    const last = this.seen.at(-1);
    if (first === undefined || last === undefined) return { ms: 0, bytes: 0 };
    return { ms: Math.max(0, now - first.at), bytes: last.position - replayed };
  }
}
