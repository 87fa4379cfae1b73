// Plain JavaScript on purpose: a worker thread does not inherit the loader of its parent, so it registers its own.
import { workerData } from 'node:worker_threads';
import { register } from 'tsx/esm/api';

register();
await import(workerData.entry);
