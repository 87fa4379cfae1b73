export { startFerretdb } from './ferretdb-server.ts';
export { findProgram } from './find-program.ts';
export { serveProgram } from './serve-program.ts';
