/**
 * The packages behind the console, loaded by Node as they are: they start worker threads from their own files and share
 * classes and symbols with one another, which a bundle would copy.
 */
export async function loadBackend() {
  const [api, composition, core, telemetry, observe, fetchAdapter] = await Promise.all([
    import(/* turbopackIgnore: true */ '@embedding-studio/api'),
    import(/* turbopackIgnore: true */ '@embedding-studio/composition'),
    import(/* turbopackIgnore: true */ '@embedding-studio/core'),
    import(/* turbopackIgnore: true */ '@embedding-studio/telemetry'),
    import(/* turbopackIgnore: true */ '@embedding-studio/telemetry/observe'),
    import(/* turbopackIgnore: true */ '@trpc/server/adapters/fetch'),
  ]);
  return { api, composition, core, telemetry, observe, fetchAdapter };
}

export type Backend = Awaited<ReturnType<typeof loadBackend>>;
