import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { loadSurrogate } from '../../bench/support/multi-fidelity/surrogate.js';

interface Point {
  readonly task: number;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

const file = new URL('../../bench/data/lcbench/reference.json', import.meta.url);

/** Seconds are float32 shares of 46,790 there, hence known to some milliseconds only. */
const TOLERANCES = [46_790e-7, 1e-5, 1e-5, 1e-5, 1e-5, 1e-5];

it('the lcbench surrogate agrees with onnxruntime on 200 points, to what float32 knows', () => {
  const points: readonly Point[] = JSON.parse(readFileSync(file, 'utf8'));
  const surrogate = loadSurrogate();
  const worst = [0, 0, 0, 0, 0, 0];

  for (const { task, inputs, outputs } of points) {
    Object.values(surrogate(task, inputs)).forEach((value, i) => {
      const unit = i === 0 ? 1 : Math.max(1, Math.abs(outputs[i]!));
      worst[i] = Math.max(worst[i]!, Math.abs(value - outputs[i]!) / unit);
    });
  }

  expect(points.length).toBe(200);
  worst.forEach((error, i) => {
    expect(error).toBeLessThan(TOLERANCES[i]!);
  });
});
