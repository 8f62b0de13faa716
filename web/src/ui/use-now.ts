/** The time, for durations that run. */
import { useEffect, useState } from 'react';

/** Milliseconds since the epoch, renewed every `everyMs` while `isRunning`. */
export function useNow(isRunning = true, everyMs = 1000): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!isRunning) return;
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [isRunning, everyMs]);
  return now;
}
