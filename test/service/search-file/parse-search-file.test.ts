import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isPlatformError } from '../../../src/domain/errors.js';
import { parseRevisionFile, parseSearchFile } from '../../../src/service/search-file/parse-search-file.js';

const HEAD = 'metric: { name: loss }\n';

/** `line:column path: message` of each problem. */
function problemsOf(text: string): string[] {
  try {
    parseSearchFile(text);
  } catch (error) {
    if (!isPlatformError(error)) throw error;
    expect(error.code).toBe('SEARCH_FILE_INVALID');
    const problems = error.data.problems as { line: number; column: number; path: string; message: string }[];
    return problems.map(({ line, column, path, message }) => `${line}:${column} ${path}: ${message}`);
  }
  return [];
}

/** The declarations of the parameters written in YAML. */
function parametersOf(yaml: string): unknown {
  const { search } = parseSearchFile(`${HEAD}parameters:\n${yaml}`);
  return (search?.space as { parameters: unknown } | undefined)?.parameters;
}

describe('parseSearchFile', () => {
  it('reads a whole file', () => {
    const file = parseSearchFile(`
project: vision
name: mnist-search
description: Which?
program: train.py
method: bayes
metric: {name: val/acc, goal: maximize}
parameters:
  lr: {distribution: log_uniform_values, min: 1.0e-5, max: 0.1}
  layers: {values: [4, 1, 2]}
  optimizer: {values: [sgd, adam]}
  momentum: {min: 0.0, max: 0.99}
conditions:
  - {parameter: momentum, when: {optimizer: [sgd]}}
early_terminate: {type: median, warmup_steps: 3}
budget: {max_trials: 100, max_parallel: 8, max_hours: 12, max_gpu_hours: 5.5, max_slot_hours: 7, when_spent: stop}
resources: {pool: default, gpus: 1, timeout: 2h}
environment: {A: 1, B: yes}
seed: 7
failure_limit: 3
warm_start: [vision/old]
`);

    expect(file).toEqual({
      project: 'vision',
      name: 'mnist-search',
      description: 'Which?',
      command: ['python3', 'train.py'],
      environment: { A: '1', B: 'yes' },
      pool: 'default',
      resources: { gpus: 1, slots: null, timeoutSeconds: 7_200 },
      search: {
        space: {
          parameters: [
            { name: 'lr', kind: 'float', low: 1e-5, high: 0.1, log: true },
            { name: 'layers', kind: 'ordinal', values: [1, 2, 4] },
            { name: 'optimizer', kind: 'categorical', choices: ['sgd', 'adam'] },
            {
              name: 'momentum',
              kind: 'float',
              low: 0,
              high: 0.99,
              log: false,
              when: { param: 'optimizer', in: ['sgd'] },
            },
          ],
        },
        objective: { metric: 'val/acc', goal: 'maximize', take: null },
        sampler: { kind: 'auto', options: {} },
        pruner: { kind: 'median', options: { warmupSteps: 3 } },
        budget: { maxTrials: 100, maxParallel: 8, maxHours: 12, maxGpuHours: 5.5, maxSlotHours: 7, whenSpent: 'stop' },
        seed: '7',
        failureLimit: 3,
        warmStart: ['vision/old'],
      },
    });
  });

  it.each(['examples/digits/search.yaml', 'examples/digits/search-python.yaml'])('reads %s', (file) => {
    expect(parseSearchFile(readFileSync(file, 'utf8'))).toMatchObject({
      project: 'examples',
      command: expect.any(Array),
    });
  });

  it.each([
    ['a: {value: 3}', { kind: 'categorical', choices: [3] }],
    ['a: {values: [true, false]}', { kind: 'boolean' }],
    ['a: {values: [2, 1], distribution: categorical}', { kind: 'categorical', choices: [2, 1] }],
    ['a: {values: [small, large], ordered: true}', { kind: 'ordinal', values: ['small', 'large'] }],
    ['a: {values: [1, x, null]}', { kind: 'categorical', choices: [1, 'x', null] }],
    ['a: {min: 1, max: 8}', { kind: 'int', low: 1, high: 8, log: false }],
    ['a: {min: 1, max: 8, log: true}', { kind: 'int', low: 1, high: 8, log: true }],
    ['a: {min: 0.0, max: 1.0}', { kind: 'float', low: 0, high: 1, log: false }],
    ['a: {min: 0, max: 1.0}', { kind: 'float', low: 0, high: 1, log: false }],
    ['a: {min: 1, max: 2, distribution: uniform}', { kind: 'float', low: 1, high: 2, log: false }],
    [
      'a: {min: 0, max: 10, distribution: q_uniform, q: 2.5}',
      { kind: 'float', low: 0, high: 10, log: false, step: 2.5 },
    ],
    ['a: {min: 0, max: 1, distribution: log_uniform}', { kind: 'float', low: 1, high: Math.E, log: true }],
    [
      'a: {min: 1, max: 9, default: 3, doc: how many}',
      { kind: 'int', low: 1, high: 9, log: false, default: 3, doc: 'how many' },
    ],
  ])('reads the parameter %s', (yaml, expected) => {
    expect(parametersOf(`  ${yaml}`)).toEqual([{ name: 'a', ...expected }]);
  });

  it('reads conditions, long and short; several on one parameter must all hold', () => {
    const yaml = `  a: {values: [x, y]}
  b: {min: 1, max: 9}
  c: {min: 0.5, max: 1}
conditions:
  - {parameter: c, when: {a: x}}
  - {parameter: c, when: {param: b, above: 4}}`;

    expect(parametersOf(yaml)).toMatchObject([
      {},
      {},
      {
        when: {
          all: [
            { param: 'a', in: ['x'] },
            { param: 'b', above: 4 },
          ],
        },
      },
    ]);
  });

  it.each([
    [
      'name: x',
      [
        '1:1 : the key metric is missing; with several objectives, the key objectives',
        '1:1 : the key parameters is missing',
      ],
    ],
    [
      `${HEAD}objectives: [{name: a}, {name: b}]\nparameters:\n  a: {values: [x]}`,
      ['2:1 objectives: give metric or objectives, not both'],
    ],
    [
      `objectives: [{name: a}, {name: b}, {name: a}]\nparameters:\n  a: {values: [x]}\nmethod: cma`,
      ['1:43 objectives[2].name: a is an objective already', '4:9 method: cma serves one objective, not 3'],
    ],
    [
      `${HEAD}parameters:\n  a: {values: [x]}\nmetric_constraints:\n  - {name: b, at_most: 1}\n  - {name: c, at_most: 1, at_least: 0}\n  - {name: d}`,
      [
        '6:5 metric_constraints[1]: needs at_most or at_least, one of the two',
        '7:5 metric_constraints[2]: needs at_most or at_least, one of the two',
      ],
    ],
    [
      `objectives: [{name: a}, {name: b}]\nparameters:\n  a: {values: [x]}\nreplicates: {count: 3}`,
      ['4:13 replicates: replicates serve one objective'],
    ],
    [
      `${HEAD}parameters:\n  lr: {min: 1, max: 2}\nbudgets: 1`,
      [expect.stringMatching(/^4:1 budgets: unknown key: use project, /)],
    ],
    [
      `metric: {name: l, goal: up}\nparameters:\n  lr: {min: 1, max: 2}`,
      ['1:25 metric.goal: must be one of minimize, maximize'],
    ],
    [`${HEAD}parameters:\n  lr: {min: low, max: 2}`, ['3:13 parameters.lr.min: must be number']],
    [`${HEAD}parameters:\n  lr: {min: 1}`, ['3:7 parameters.lr: max is missing']],
    [`${HEAD}parameters:\n  lr: {min: 3, max: 1}`, ['3:21 parameters.lr.max: must not be less than low, 3']],
    [
      `${HEAD}parameters:\n  lr: {values: [a, a]}`,
      [expect.stringMatching(/^3:16 parameters.lr.values: "a" is listed twice/)],
    ],
    [
      `${HEAD}parameters:\n  lr: {min: 1, max: 2, mu: 0}`,
      [expect.stringMatching(/^3:24 parameters.lr.mu: normal distributions are not served/)],
    ],
    [
      `${HEAD}parameters:\n  a: {values: [x]}\n  b: {min: 0, max: 1}\nconditions:\n  - {parameter: b, when: {a: z}}`,
      [expect.stringMatching(/^6:26 conditions\[0\].when: "z" is not one of "x"/)],
    ],
    [
      `${HEAD}parameters:\n  a: {values: [x]}\nconditions:\n  - {parameter: b, when: {a: x}}`,
      ['5:17 conditions[0].parameter: b is not one of the parameters'],
    ],
    [
      `${HEAD}parameters:\n  a: {values: [x]}\ncommand: [python3, train.py, '\${args}']`,
      [expect.stringMatching(/^4:30 command\[2\]: params come through the SDK/)],
    ],
    [
      `${HEAD}parameters:\n  a: {values: [x]}\nresources: {timeout: soon}`,
      ['4:22 resources.timeout: must be seconds, or a text such as 90s, 30m, 2h, 1d'],
    ],
    [`${HEAD}parameters: {a: {values: [1]}`, [expect.stringMatching(/^2:\d+ : /)]],
    [`${HEAD}a: 1\na: 2`, [expect.stringMatching(/^3:1 : Map keys must be unique/)]],
    ['- 1', ['1:1 : must be object']],
    ['', [expect.stringMatching(/must be object/)]],
    [
      `${HEAD}parameters:\n  a: {values: [x]}\n---\nb: 1`,
      [expect.stringMatching(/^4:1 : Source contains multiple documents/)],
    ],
  ])('points at what is wrong in %j', (text, expected) => {
    expect(problemsOf(text)).toEqual(expected);
  });

  it('makes nothing but data of tags, prototypes and aliases', () => {
    expect(problemsOf(`${HEAD}parameters:\n  a: {values: [x]}\nname: !!js/function "function () {}"`).join()).toMatch(
      /^4:7 : Unresolved tag/,
    );
    expect(problemsOf(`${HEAD}parameters:\n  __proto__: {values: [x]}`).join()).toMatch(/__proto__|parameters/);
    const bomb = [
      'a: &a [x, x, x, x, x, x, x, x, x]',
      ...'bcdefgh'.split('').map((key, i) => `${key}: &${key} [${Array(9).fill(`*${'abcdefg'[i]}`).join(', ')}]`),
    ];
    expect(problemsOf(bomb.join('\n')).join()).toMatch(/alias/i);
    expect(({} as Record<string, unknown>).values).toBeUndefined();
  });
});

describe('a file with several objectives', () => {
  it('is read in order, with bounds and replicates', () => {
    const { search } = parseSearchFile(`
objectives:
  - {name: acc, goal: maximize}
  - {name: latency, take: best}
metric_constraints:
  - {name: memory, at_most: 24, take: worst}
  - {name: recall, at_least: 0.9}
method: nsga2
parameters: {x: {values: [a, b]}}
`);

    expect(search).toMatchObject({
      objectives: [
        { metric: 'acc', goal: 'maximize', take: null },
        { metric: 'latency', goal: 'minimize', take: 'best' },
      ],
      metricConstraints: [
        { metric: 'memory', atMost: 24, atLeast: null, take: 'worst' },
        { metric: 'recall', atMost: null, atLeast: 0.9, take: null },
      ],
    });
    expect(search).not.toHaveProperty('objective');
    const once = parseSearchFile(
      `${HEAD}parameters: {x: {values: [a]}}\nreplicates: {count: 3, confirm: {top: 2, times: 4}}`,
    );
    expect(once.search?.replicates).toEqual({ count: 3, confirm: { top: 2, times: 4 } });
  });
});

describe('parseRevisionFile', () => {
  const YAML = 'parameters:\n  x: { min: 0, max: 10 }\n';

  it('reads the space of a part of a file, and of a whole one', () => {
    const { search } = parseSearchFile(`${HEAD}${YAML}`);

    expect(parseRevisionFile(YAML)).toEqual(search?.space);
    expect(parseRevisionFile(`${HEAD}${YAML}budget: { max_trials: 3 }`)).toEqual(search?.space);
  });

  it.each(['[]', 'parameters: {}', '', 'parameters: { x: { min: 2, max: 1 } }', 'parametres: {}'])(
    'refuses %j',
    (text) => {
      expect(() => parseRevisionFile(text)).toThrow(/line \d+, column/);
    },
  );
});
