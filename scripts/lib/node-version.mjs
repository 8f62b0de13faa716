/** The oldest Node that the product runs on; written so that much older ones can still read it. */

const OLDEST = [20, 19];

/** Ends the process with a clear message when Node is too old. */
export function assertNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return;
  console.error(
    `Trialgraph needs Node ${OLDEST.join('.')} or newer; this is ${process.versions.node}. See https://nodejs.org`,
  );
  process.exit(1);
}
