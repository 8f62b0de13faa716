/** Numbers, durations and times as people read them. */

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** At most five significant digits, without trailing zeros: `0.0031`, `12.5`, `1.2e-7`. NaN and infinities have words. */
export function formatNumber(value: number, digits = 5): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e9) return withMinus(String(value));
  if (size < 1e-4 || size >= 1e7) {
    const [mantissa = '', exponent = ''] = value.toExponential(Math.max(0, digits - 2)).split('e');
    return withMinus(`${trimZeros(mantissa)}e${Number(exponent)}`);
  }
  return withMinus(trimZeros(value.toPrecision(digits)));
}

/** A metric in a column: a fixed number of decimals, so that digits stand below each other. */
export function formatMetric(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 10) return withMinus(value.toFixed(4));
  return formatNumber(value);
}

/** A hyperparameter of any type. */
export function formatParam(value: unknown, digits = 5): string {
  if (value === undefined || value === null) return '–';
  if (typeof value === 'number') return formatNumber(value, digits);
  if (typeof value === 'string') return value;
  return JSON.stringify(value);
}

/** `0.4s`, `12s`, `3m 05s`, `2h 10m`, `4d 3h`. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '–';
  const all = Math.max(0, seconds);
  if (all < 9.95) return `${all.toFixed(1)}s`;
  const whole = Math.round(all);
  if (whole < MINUTE) return `${whole}s`;
  if (whole < HOUR) return `${Math.floor(whole / MINUTE)}m ${pad(whole % MINUTE)}s`;
  if (whole < DAY) return `${Math.floor(whole / HOUR)}h ${pad(Math.floor((whole % HOUR) / MINUTE))}m`;
  return `${Math.floor(whole / DAY)}d ${Math.floor((whole % DAY) / HOUR)}h`;
}

/** How long before `nowMs`: `just now`, `3 min ago`, `2 h ago`, `5 d ago`, then the date. */
export function formatAgo(iso: string, nowMs: number): string {
  const seconds = (nowMs - Date.parse(iso)) / 1000;
  if (seconds < 10) return 'just now';
  if (seconds < MINUTE) return `${Math.floor(seconds)} s ago`;
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)} min ago`;
  if (seconds < DAY) return `${Math.floor(seconds / HOUR)} h ago`;
  if (seconds < 14 * DAY) return `${Math.floor(seconds / DAY)} d ago`;
  return iso.slice(0, 10);
}

/** `512 B`, `1.4 MB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let size = bytes;
  let unit = 0;
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? size : formatNumber(size, 3)} ${units[unit]}`;
}

/** A count with separators: `10,000`. */
export function formatCount(count: number): string {
  return count.toLocaleString('en');
}

/** Local time of day, `14:03:07`. */
export function formatClock(ms: number): string {
  return new Date(ms).toLocaleTimeString('en-GB');
}

/** `USER_CODE` as `user code`. */
export function formatWord(name: string): string {
  return name.toLowerCase().replaceAll('_', ' ');
}

/** `RUNNING` as `Running`. */
export function formatState(state: string): string {
  const word = formatWord(state);
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function trimZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

function withMinus(text: string): string {
  return text.startsWith('-') ? `−${text.slice(1)}` : text;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
