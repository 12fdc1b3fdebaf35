export const attemptsMax = 7;
const firstSeconds = 15;
const maxSeconds = 3_600;
const jitterShare = 0.3;

/**
 * Seconds until the next attempt, doubling, with jitter so that a channel that comes back is not overrun; null after
 * the last attempt.
 * @param random in [0, 1)
 */
export function retryDelaySeconds(attempts: number, random: number): number | null {
  if (attempts >= attemptsMax) return null;
  const base = Math.min(firstSeconds * 2 ** (attempts - 1), maxSeconds);
  return base * (1 + jitterShare * (2 * random - 1));
}
