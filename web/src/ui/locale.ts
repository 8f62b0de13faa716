/**
 * Import first. Chromium under the C locale calls its language `en-US@posix`, which Intl refuses; uPlot asks Intl when it is
 * loaded, and the page would stay blank.
 */
try {
  new Intl.NumberFormat(navigator.language);
} catch {
  Object.defineProperty(navigator, 'language', { value: 'en-US', configurable: true });
}
