/** Mantine in our tokens: one accent, small sizes, our font. */
import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

const ACCENT: MantineColorsTuple = [
  '#eef3fd',
  '#dbe5fa',
  '#b6c9f4',
  '#8eabee',
  '#6c91e8',
  '#4f7ae2',
  '#2f62d9',
  '#2455cf',
  '#1d47b3',
  '#163a97',
];

const DARK: MantineColorsTuple = [
  '#e7eaee',
  '#b0b9c3',
  '#8d98a4',
  '#66717d',
  '#3a444f',
  '#242b32',
  '#1b2026',
  '#14181c',
  '#101418',
  '#0d1013',
];

export const theme = createTheme({
  colors: { accent: ACCENT, dark: DARK },
  primaryColor: 'accent',
  primaryShade: { light: 7, dark: 5 },
  fontFamily: 'var(--tg-font)',
  fontFamilyMonospace: 'var(--tg-mono)',
  defaultRadius: 'sm',
  cursorType: 'pointer',
  respectReducedMotion: true,
});

/** Mantine's surfaces are ours, in both schemes. */
export const cssVariables: CSSVariablesResolver = () => {
  const ours = {
    '--mantine-color-body': 'var(--tg-page)',
    '--mantine-color-text': 'var(--tg-text)',
    '--mantine-color-dimmed': 'var(--tg-text-3)',
    '--mantine-color-placeholder': 'var(--tg-text-3)',
    '--mantine-color-default': 'var(--tg-surface)',
    '--mantine-color-default-hover': 'var(--tg-hover)',
    '--mantine-color-default-border': 'var(--tg-border-strong)',
    '--mantine-color-default-color': 'var(--tg-text)',
  };
  return { variables: {}, light: ours, dark: ours };
};
