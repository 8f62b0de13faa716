/** One set-up at a time: a second one waits for the first. A lock whose holder has died is taken over. */

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { ROOT } from './tools.mjs';

const LOCK = path.join(ROOT, '.setup', 'lock');
const LOOK_EVERY_MS = 200;

/** Runs `work` while no other set-up of this tree runs. */
export async function withLock(say, work) {
  await take(say);
  const release = () => rmSync(LOCK, { force: true });
  const onSignal = () => {
    release();
    process.exit(130);
  };
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  try {
    return await work();
  } finally {
    release();
    process.removeListener('SIGINT', onSignal).removeListener('SIGTERM', onSignal);
  }
}

async function take(say) {
  mkdirSync(path.dirname(LOCK), { recursive: true });
  for (let told = false; ; ) {
    try {
      writeFileSync(LOCK, `${process.pid}`, { flag: 'wx' });
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const holder = readHolder();
    if (holder !== undefined && !isAlive(holder)) {
      rmSync(LOCK, { force: true });
      continue;
    }
    if (!told && holder !== undefined) say(`waiting for another set-up (process ${holder})`);
    told ||= holder !== undefined;
    await sleep(LOOK_EVERY_MS);
  }
}

/** Undefined while the holder has not yet written its id, or has just released the lock. */
function readHolder() {
  try {
    return Number.parseInt(readFileSync(LOCK, 'utf8'), 10) || undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
