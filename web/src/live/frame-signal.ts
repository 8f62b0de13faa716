/** Tells listeners that something changed, at most once per animation frame. */
import { useSyncExternalStore } from 'react';

export type Schedule = (draw: () => void) => void;

export class FrameSignal {
  version = 0;
  readonly #schedule: Schedule;
  readonly #listeners = new Set<() => void>();
  #isDue = false;

  constructor(schedule: Schedule = (draw) => requestAnimationFrame(draw)) {
    this.#schedule = schedule;
  }

  /** Something changed: the next frame raises `version` and tells. */
  touch(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    this.#schedule(() => {
      this.#isDue = false;
      this.version += 1;
      for (const listener of this.#listeners) listener();
    });
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
}

/** The version drawn; the component is drawn again at the next frame after a change. */
export function useFrameSignal(signal: FrameSignal): number {
  return useSyncExternalStore(signal.subscribe, () => signal.version);
}
