export const browserArguments = [
  ...['--no-sandbox', '--no-first-run', '--disable-quic', '--disable-background-networking'],
  // A machine without a graphics card draws WebGL in software, and everything else faster without the detour.
  ...['--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist'],
  ...['--disable-gpu-compositing', '--disable-gpu-rasterization', '--disable-accelerated-2d-canvas'],
];
