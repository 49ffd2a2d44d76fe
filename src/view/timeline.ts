/** The visible time span, shared by the panels that follow it. */

/** A time span, s. */
export interface TimeSpan {
  readonly startSeconds: number;
  readonly endSeconds: number;
}

/** Shortest visible span, s. */
const SHORTEST = 0.1;

export const durationOf = (span: TimeSpan): number => span.endSeconds - span.startSeconds;
export const centreOf = (span: TimeSpan): number => (span.startSeconds + span.endSeconds) / 2;

/** The span moved, and shortened if necessary, to lie within `bounds`. */
export function within(span: TimeSpan, bounds: TimeSpan): TimeSpan {
  const longest = durationOf(bounds);
  const duration = Math.min(longest, Math.max(durationOf(span), Math.min(SHORTEST, longest)));
  const from = Math.max(
    bounds.startSeconds,
    Math.min(bounds.endSeconds - duration, centreOf(span) - duration / 2),
  );
  return { startSeconds: from, endSeconds: from + duration };
}

/** The span moved by a fraction of its duration. */
export function panned(span: TimeSpan, share: number): TimeSpan {
  const shift = share * durationOf(span);
  return { startSeconds: span.startSeconds + shift, endSeconds: span.endSeconds + shift };
}

/** The span scaled by `factor` about a fixed time. */
export function zoomed(span: TimeSpan, factor: number, about = centreOf(span)): TimeSpan {
  return {
    startSeconds: about - (about - span.startSeconds) * factor,
    endSeconds: about + (span.endSeconds - about) * factor,
  };
}

/** The span moved so that `time` is at its centre. */
export function centredOn(span: TimeSpan, time: number): TimeSpan {
  return { startSeconds: time - durationOf(span) / 2, endSeconds: time + durationOf(span) / 2 };
}

/** The visible span, with change notifications. */
export interface Timeline {
  readonly bounds: TimeSpan;
  readonly initial: TimeSpan;
  readonly span: TimeSpan;
  show(span: TimeSpan): void;
  /** Notifies `listener` of every change; returns a function that ends the subscription. */
  follow(listener: (span: TimeSpan) => void): () => void;
}

/** A timeline over `bounds` that starts with its first `duration` seconds. */
export function createTimeline(bounds: TimeSpan, duration: number): Timeline {
  const initial = within(
    { startSeconds: bounds.startSeconds, endSeconds: bounds.startSeconds + duration },
    bounds,
  );
  const listeners = new Set<(span: TimeSpan) => void>();
  let span = initial;
  return {
    bounds,
    initial,
    get span() {
      return span;
    },
    show(wanted) {
      span = within(wanted, bounds);
      for (const listener of listeners) listener(span);
    },
    follow(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
