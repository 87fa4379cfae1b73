import type { NextConfig } from 'next';

const config: NextConfig = {
  reactStrictMode: true,
  poweredByHeader: false,
  // `npm run types` checks them; once is enough.
  typescript: { ignoreBuildErrors: true },
  serverExternalPackages: ['@trpc/server'],
  devIndicators: false,
};

export default config;
