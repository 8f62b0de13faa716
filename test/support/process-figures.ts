/** Memory and sockets of another process, as Linux counts them. */
import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';

/** MiB that are resident now. */
export function residentMiB(pid: number): number {
  return read(pid, 'VmRSS');
}

/** The most MiB that were resident at once since `forgetPeak`, between two looks of ours too. */
export function peakMiB(pid: number): number {
  return read(pid, 'VmHWM');
}

export function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

/** Sockets that it has open. */
export function openSockets(pid: number): number {
  const folder = `/proc/${pid}/fd`;
  const isSocket = (name: string): boolean => {
    try {
      return readlinkSync(`${folder}/${name}`).startsWith('socket:');
    } catch {
      return false; // closed since it was listed
    }
  };
  return readdirSync(folder).filter(isSocket).length;
}

function read(pid: number, field: string): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(status)?.[1]) / 1_024;
}
