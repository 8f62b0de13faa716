/** The environment of a job, built from scratch: the runner's own secrets must not reach training code. */
import type { Gpu } from './gpus.js';

/** Variables of the machine that programs need to be found and to run; everything else of the runner's environment stays out. */
const PASSED = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'LANG',
  'LANGUAGE',
  'TZ',
  'TERM',
  'LD_LIBRARY_PATH',
  'LIBRARY_PATH',
  'VIRTUAL_ENV',
  'CONDA_PREFIX',
  'CONDA_DEFAULT_ENV',
  'PYTHONPATH',
  'PYTHONHOME',
  'PYENV_ROOT',
  'NODE_PATH',
  'CUDA_HOME',
  'CUDA_PATH',
  'NVIDIA_DRIVER_CAPABILITIES',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'SYSTEMROOT',
  'PATHEXT',
  'TEMP',
];

export interface JobIdentity {
  readonly url: string;
  readonly token: string;
  readonly trialId: string;
  readonly attempt: number;
  readonly directory: string;
  readonly spoolDirectory: string;
  readonly temporaryDirectory: string;
}

/**
 * @param machine the runner's environment, filtered
 * @param declared the algorithm's variables: they may override the machine's, never ours
 */
export function jobEnvironment(
  machine: Readonly<Record<string, string | undefined>>,
  declared: Readonly<Record<string, unknown>>,
  job: JobIdentity,
  gpus: readonly Gpu[],
): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(machine)) {
    if (value !== undefined && (PASSED.includes(name) || name.startsWith('LC_'))) environment[name] = value;
  }
  for (const [name, value] of Object.entries(declared)) environment[name] = String(value);
  return {
    ...environment,
    TMPDIR: job.temporaryDirectory,
    PYTHONUNBUFFERED: environment.PYTHONUNBUFFERED ?? '1',
    CUDA_VISIBLE_DEVICES: gpus.map((gpu) => gpu.uuid).join(','),
    TRIALGRAPH_URL: job.url,
    TRIALGRAPH_API_KEY: job.token,
    TRIALGRAPH_TRIAL_ID: job.trialId,
    TRIALGRAPH_ATTEMPT: String(job.attempt),
    TRIALGRAPH_JOB_DIR: job.directory,
    TRIALGRAPH_SPOOL_DIR: job.spoolDirectory,
  };
}
