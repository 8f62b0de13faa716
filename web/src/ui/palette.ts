/** Colours of the lines of a chart. A trial keeps its colour wherever it is drawn. */
import { useComputedColorScheme } from '@mantine/core';

const LIGHT = [
  '#2455cf',
  '#c2410c',
  '#0f766e',
  '#a21caf',
  '#4d7c0f',
  '#be185d',
  '#0369a1',
  '#92400e',
  '#6d28d9',
  '#047857',
  '#b91c1c',
  '#475569',
];
const DARK = [
  '#86a9ff',
  '#fb923c',
  '#2dd4bf',
  '#e879f9',
  '#a3e635',
  '#fb7185',
  '#38bdf8',
  '#fbbf24',
  '#a78bfa',
  '#34d399',
  '#f87171',
  '#cbd5e1',
];
const DASHES: readonly (readonly number[])[] = [[], [9, 3], [4, 3], [12, 3, 2, 3]];

/** The tokens' font for a canvas, which reads no variables. */
export const CANVAS_FONT =
  '-apple-system, BlinkMacSystemFont, "Segoe UI", Inter, Roboto, "Noto Sans", "Liberation Sans", sans-serif';

/** What a canvas needs to know of the scheme. */
export interface ChartColours {
  readonly lines: readonly string[];
  readonly text: string;
  readonly grid: string;
  readonly axis: string;
  readonly surface: string;
  readonly accent: string;
}

const SCHEMES: Readonly<Record<'light' | 'dark', ChartColours>> = {
  light: { lines: LIGHT, text: '#626c78', grid: '#eceff2', axis: '#c9cfd6', surface: '#ffffff', accent: '#2455cf' },
  dark: { lines: DARK, text: '#8d98a4', grid: '#20272e', axis: '#3a444f', surface: '#14181c', accent: '#86a9ff' },
};

/** The colours for the present scheme; the same object until it changes. */
export function useChartColours(): ChartColours {
  return SCHEMES[useComputedColorScheme('light', { getInitialValueInEffect: false })];
}

/** The colour of the `index`th line; colours come again after the last one. */
export function lineColour(index: number, colours: ChartColours): string {
  return colours.lines[index % colours.lines.length] ?? colours.accent;
}

/** Dashes for a line when `earlier` lines of a chart have the same colour. */
export function lineDash(earlier: number): readonly number[] {
  return DASHES[earlier % DASHES.length] ?? [];
}
