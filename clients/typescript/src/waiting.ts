/** Waits that end early. However many there are, a signal has one listener for all of them. */

/** A timer of the platform holds no more milliseconds: longer waits, and longer deadlines, count as this (24 days). */
export const LONGEST_WAIT_MS = 2 ** 31 - 1;

/** Who is to be woken by each signal. */
const sleepers = new WeakMap<AbortSignal, Set<() => void>>();

/** Waits; shorter if one of the signals is aborted. */
export function slept(ms: number, ...signals: (AbortSignal | undefined)[]): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(end, Math.min(Math.max(ms, 0), LONGEST_WAIT_MS));
    const joined = signals.filter((signal) => signal !== undefined).map(sleepersOf);
    function end(): void {
      clearTimeout(timer);
      for (const others of joined) {
        others.delete(end);
      }
      resolve();
    }
    for (const others of joined) {
      others.add(end);
    }
    if (signals.some((signal) => signal?.aborted)) {
      end();
    }
  });
}

function sleepersOf(signal: AbortSignal): Set<() => void> {
  let known = sleepers.get(signal);
  if (known === undefined) {
    const all = new Set<() => void>();
    known = all;
    sleepers.set(signal, all);
    signal.addEventListener("abort", () => [...all].map((wake) => wake()), { once: true });
  }
  return known;
}
