import { ensureDemo } from './ensure-demo.ts';

await ensureDemo();
