/**
 * Loaded into the server of a soak (`--expose-gc --import`): answers each message of its parent with what lives in the
 * process after a full collection. It keeps nothing alive and listens to nobody but the parent.
 */
process.on('message', () => {
  globalThis.gc?.();
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  const resources = {};
  for (const name of process.getActiveResourcesInfo()) resources[name] = (resources[name] ?? 0) + 1;
  process.send?.({ heapUsed, external, arrayBuffers, resources });
});
process.channel?.unref();
