/**
 * One process full of subscribers with the real SDK: each receives the known points of an experiment, leaves of its own
 * will now and then, and comes back with its cursor. Told how many points are stored, it tells what each has received.
 */
import { createHash } from 'node:crypto';
import { Client, type ExperimentHandle, type MetricDelta } from '../../../sdk/typescript/index.js';
import { Checksum, knownKey } from '../known-points.js';
import { seededRandom } from '../seeded-random.js';

export interface Watching {
  readonly url: string;
  readonly apiKey: string;
  /** Project and name. */
  readonly experiment: string;
  readonly subscribers: number;
  /** Chance to leave after a delta. */
  readonly leaving: number;
  readonly seed: number;
  /** Of each writer, in order. */
  readonly trialIds: readonly string[];
  readonly keys: number;
  readonly steps: number;
}
export type ToWatchers = { readonly watch: Watching } | { readonly stored: number };
export type FromWatchers = 'watching' | Received;
export interface Received {
  /** A checksum for each subscriber. */
  readonly sums: readonly string[];
  /** Points that came twice, belong to nobody, or came otherwise to another subscriber; what broke a watch off. */
  readonly problems: readonly string[];
  /** How often subscribers left and came back. */
  readonly returns: number;
}

/** For the last points, when all that is to come is stored. */
const LIMIT_MS = 120_000;
const MOST_PROBLEMS = 20;

let options: Watching;
let subscribers: readonly Subscriber[];
let received: Promise<unknown>;
let random: () => number;
let stored = Number.POSITIVE_INFINITY;
let returns = 0;
const problems: string[] = [];
/** Values as they first came; all subscribers must get the same. */
let values: Float64Array;
let isKnown: Uint8Array;

process.on('message', (message: ToWatchers) => void ('watch' in message ? watch(message.watch) : report(message)));
process.on('disconnect', () => process.exit(1));

async function watch(watching: Watching): Promise<void> {
  options = watching;
  random = seededRandom(options.seed);
  values = new Float64Array(options.trialIds.length * options.keys * options.steps);
  isKnown = new Uint8Array(values.length);
  const opened = Array.from({ length: options.subscribers }, async () => {
    const client = new Client({ url: options.url, apiKey: options.apiKey });
    return new Subscriber(await client.experiment(options.experiment));
  });
  subscribers = await Promise.all(opened);
  received = Promise.all(subscribers.map((one) => one.receiveAll()));
  process.send?.('watching' satisfies FromWatchers);
}

async function report({ stored: points }: { readonly stored: number }): Promise<void> {
  stored = points;
  for (const one of subscribers) one.lookUp();
  await Promise.race([received, new Promise((done) => setTimeout(done, LIMIT_MS))]);
  const known = new Map<string, string>();
  const sums = subscribers.map(({ has }) => {
    const set = createHash('sha1').update(has).digest('hex');
    const sum = known.get(set) ?? checksum(has);
    known.set(set, sum);
    return sum;
  });
  process.send?.({ sums, problems, returns } satisfies FromWatchers);
}

class Subscriber {
  readonly has = new Uint8Array(values.length);
  readonly #experiment: ExperimentHandle;
  #leaving = new AbortController();
  #points = 0;

  constructor(experiment: ExperimentHandle) {
    this.#experiment = experiment;
  }

  /** Ends when it has as many points as are stored and a last return brought no more. */
  async receiveAll(): Promise<void> {
    let after: string | null = null;
    try {
      for (let isLast = false; !isLast; returns += 1) {
        isLast = this.#points >= stored;
        this.#leaving = new AbortController();
        for await (const delta of this.#experiment.watch({ after, signal: this.#leaving.signal })) {
          after = delta.cursor;
          this.#takeAll(delta);
          if (isLast || this.#points >= stored || random() < options.leaving) break;
        }
      }
    } catch (error) {
      complain(String(error));
    }
  }

  /** Ends its wait if there is nothing to wait for. */
  lookUp(): void {
    if (this.#points >= stored) this.#leaving.abort();
  }

  #takeAll({ series }: MetricDelta): void {
    for (const { trialId, key, steps, values: some } of series) {
      const writer = options.trialIds.indexOf(trialId);
      const from = (writer * options.keys + Number(key.slice(knownKey(0).length - 1))) * options.steps;
      for (const [i, step] of steps.entries()) this.#take(from + step, some[i] as number);
    }
  }

  #take(at: number, value: number): void {
    if (this.has[at] !== 0) complain(`point ${at} came twice or belongs to nobody`);
    if (isKnown[at] === 1 && !Object.is(value, values[at]))
      complain(`point ${at} is ${value} here, ${values[at]} there`);
    values[at] = value;
    isKnown[at] = 1;
    this.has[at] = 1;
    this.#points += 1;
  }
}

function complain(problem: string): void {
  if (problems.length < MOST_PROBLEMS) problems.push(problem);
}

function checksum(has: Uint8Array): string {
  const sum = new Checksum();
  for (const [at, is] of has.entries()) {
    if (is === 0) continue;
    const series = Math.floor(at / options.steps);
    const writer = Math.floor(series / options.keys);
    sum.add(writer, series % options.keys, at % options.steps, values[at] as number);
  }
  return String(sum);
}
