export const browserArguments = [
  ...['--no-sandbox', '--no-first-run', '--disable-quic', '--disable-background-networking'],
  // A machine without a graphics card draws WebGL in software.
  ...['--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist'],
];
