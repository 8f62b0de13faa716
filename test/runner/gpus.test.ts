import { expect, it } from 'vitest';
import { jobEnvironment } from '../../src/runner/environment.js';
import { Capacity, findGpus, parseGpus } from '../../src/runner/gpus.js';

const LISTED = '0, GPU-aaa, NVIDIA A100-SXM4-40GB, 40960\n1, GPU-bbb, NVIDIA A100-SXM4-40GB, 40960\nnot a gpu\n';

it('reads what nvidia-smi lists and skips what is no GPU', () => {
  expect(parseGpus(LISTED)).toEqual([
    { index: 0, uuid: 'GPU-aaa', name: 'NVIDIA A100-SXM4-40GB', memoryMiB: 40960 },
    { index: 1, uuid: 'GPU-bbb', name: 'NVIDIA A100-SXM4-40GB', memoryMiB: 40960 },
  ]);
});

it('finds none where nvidia-smi is missing', async () => {
  expect(await findGpus('no-such-nvidia-smi')).toEqual([]);
});

it('never hands out a GPU twice, and takes it back', () => {
  const capacity = new Capacity(parseGpus(LISTED), 4);

  const first = capacity.take({ gpus: 1, slots: 1 });
  const second = capacity.take({ gpus: 1, slots: 1 });
  expect(new Set([...first.gpus, ...second.gpus]).size).toBe(2);
  expect([capacity.freeGpus, capacity.freeSlots]).toEqual([0, 2]);
  first.release();

  expect(capacity.take({ gpus: 1, slots: 1 }).gpus).toEqual(first.gpus);
});

it('builds the environment of a job from scratch: no secret of the runner, no override of ours', () => {
  const machine = { PATH: '/bin', TRIALGRAPH_API_KEY: 'runner-secret', AWS_SECRET_ACCESS_KEY: 'x', LC_ALL: 'C' };
  const job = {
    url: 'http://u',
    token: 'trial-token',
    trialId: 't',
    attempt: 2,
    directory: '/j',
    spoolDirectory: '/j/spool',
    temporaryDirectory: '/j/tmp',
  };

  const environment = jobEnvironment(
    machine,
    { EPOCHS: 3, TRIALGRAPH_TRIAL_ID: 'forged' },
    job,
    parseGpus(LISTED).slice(1),
  );

  expect(environment).toMatchObject({ PATH: '/bin', LC_ALL: 'C', EPOCHS: '3', CUDA_VISIBLE_DEVICES: 'GPU-bbb' });
  expect(environment).toMatchObject({
    TRIALGRAPH_API_KEY: 'trial-token',
    TRIALGRAPH_TRIAL_ID: 't',
    TRIALGRAPH_ATTEMPT: '2',
  });
  expect(JSON.stringify(environment)).not.toMatch(/runner-secret|AWS_SECRET/);
});
