/** What is said of waits that are too long, wherever they are set. */
import { advisedAcquireTimeoutSeconds, usualHttpTimeoutSeconds } from '../facts/advice.ts';

/** Why a wait of `seconds` is too long where the project's threshold is `threshold` seconds, and what would do. */
export function whyTooLong(seconds: number, threshold: number): string {
  return seconds < usualHttpTimeoutSeconds || threshold < advisedAcquireTimeoutSeconds
    ? `the threshold of this project is ${threshold} s.`
    : 'longer than most HTTP timeouts. 5 to 10 s fails fast.';
}

/** Seconds to wait instead; undefined where no whole number of them stays below the threshold. */
export function shorterWait(threshold: number): number | undefined {
  const seconds = Math.min(advisedAcquireTimeoutSeconds, Math.max(1, Math.ceil(threshold) - 1));
  return seconds < threshold ? seconds : undefined;
}
