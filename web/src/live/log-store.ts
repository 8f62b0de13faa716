/** Lines of one attempt's console. Positions are the server's, so a page that comes twice is held once. */
import type { LogSource } from '../../../sdk/typescript/browser.js';
import { FrameSignal } from './frame-signal.js';

/** Escape sequences of terminals: colours, cursor movements, titles. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for
const ESCAPES = /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])/g;

export interface LogLine {
  readonly text: string;
  readonly source: LogSource;
  /** Seconds since the epoch. */
  readonly time: number;
}

export interface LogLines {
  readonly firstSeq: number;
  readonly lines: readonly string[];
  readonly sources: readonly LogSource[];
  readonly times: Float64Array;
}

export class LogStore {
  readonly signal: FrameSignal;
  #lines: LogLine[] = [];
  #firstSeq = 0;

  constructor(signal: FrameSignal = new FrameSignal()) {
    this.signal = signal;
  }

  get lines(): readonly LogLine[] {
    return this.#lines;
  }

  /** How many lines before the first one held are on the server only. */
  get earlier(): number {
    return this.#firstSeq;
  }

  clear(): void {
    this.#lines = [];
    this.#firstSeq = 0;
    this.signal.touch();
  }

  /** Adds the lines that are not held yet. */
  append({ firstSeq, lines, sources, times }: LogLines): void {
    if (lines.length === 0) return;
    if (this.#lines.length === 0) this.#firstSeq = firstSeq;
    const held = this.#firstSeq + this.#lines.length;
    for (let at = Math.max(0, held - firstSeq); at < lines.length; at++) {
      this.#lines.push({
        text: clean(lines[at] ?? ''),
        source: sources[at] ?? 'STDOUT',
        time: times[at] ?? Number.NaN,
      });
    }
    this.signal.touch();
  }
}

/** A line as a terminal would leave it: no escape sequences, and what follows the last carriage return. */
export function clean(line: string): string {
  const plain = line.replace(ESCAPES, '').replace(/\r+$/, '');
  return plain.slice(plain.lastIndexOf('\r') + 1);
}
