/** Numbers at the axes. */

/** Short: `0.25`, `1.5e-4`, `20k`, `3M`; empty for a tick without a label. */
export function axisNumber(value: number | null): string {
  if (value === null) return '';
  const size = Math.abs(value);
  if (size >= 1e9) return value.toExponential(0).replace('e+', 'e');
  if (size >= 1e6) return `${trim(value / 1e6)}M`;
  if (size >= 1e4) return `${trim(value / 1e3)}k`;
  if (size !== 0 && size < 1e-3) return value.toExponential(1).replace('.0e', 'e');
  return trim(value);
}

function trim(value: number): string {
  return String(Number(value.toPrecision(6)));
}
