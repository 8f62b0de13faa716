/** Few at once of what takes much memory: the others wait, and hold no connection. */
import { PlatformError } from '../../../domain/errors.js';

export class Turns {
  private readonly most: number;
  private readonly mostWaiting: number;
  private readonly waiting: (() => void)[] = [];
  private busy = 0;

  constructor(most: number, mostWaiting: number) {
    this.most = most;
    this.mostWaiting = mostWaiting;
  }

  /** What `work` gives. @throws OVERLOADED when too many wait. */
  async take<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.waiting.length >= this.mostWaiting)
      throw new PlatformError('OVERLOADED', 'too many large reads are waiting; try again shortly');
    if (this.busy < this.most) this.busy += 1;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    try {
      return await work();
    } finally {
      // A place is handed on, not given back, while somebody waits for it.
      const next = this.waiting.shift();
      if (next === undefined) this.busy -= 1;
      else next();
    }
  }
}
