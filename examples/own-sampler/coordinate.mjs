/**
 * A sampler of your own: moves one parameter at a time from the best trial, in steps that shrink as trials come in. A file
 * exports by default what `defineSampler` returns, or a function that is given the kit and returns it.
 */
export default ({ defineSampler, drawUniform, drawUnseen, fromPoint, spentPoints, standingOf, toPoint }) =>
  defineSampler({
    kind: 'coordinate',
    summary: 'Moves one parameter at a time from the best trial, in steps that shrink.',
    options: [
      {
        name: 'startup',
        type: 'int',
        default: 5,
        min: 1,
        max: 1000,
        doc: 'Trials that are drawn at random before it begins.',
      },
      { name: 'step', type: 'float', default: 0.5, min: 0.01, max: 1, doc: 'Its first step, as a share of a range.' },
    ],
    objectives: 'one',
    // A function of its arguments alone: the same history gives the same proposal, on any server and at any time.
    suggestOne: ({ startup, step }, history, rng) => {
      const { space, trials, directions } = history;
      const draws = rng.fork('coordinate');
      const sign = directions[0] === 'maximize' ? -1 : 1;
      const observed = trials
        .filter((trial) => standingOf(trial, 1) === 'OBSERVED')
        .sort((a, b) => sign * (a.values[0] - b.values[0]) || a.number - b.number);
      const isStartup = observed.length < startup;
      const draw = isStartup ? () => drawUniform(space, draws) : () => moved(observed, draws);
      const params = drawUnseen(space, spentPoints(history), draw, draws);
      // Null ends the search: nothing is left to try.
      return params === null ? null : { params, explanation: { phase: isStartup ? 'STARTUP' : 'EXPLOIT' } };

      function moved([best], random) {
        const middle = Float64Array.from(space.parameters, () => 0.5);
        const point = toPoint(space, best.params, middle); // a coordinate in 0..1 for every parameter
        const j = Math.floor(random.next() * point.length);
        const length = step * 0.95 ** (observed.length - startup);
        point[j] = Math.min(1, Math.max(0, point[j] + length * (2 * random.next() - 1)));
        return fromPoint(space, point);
      }
    },
  });
