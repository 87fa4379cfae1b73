import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSupervisor } from '../../src/supervisor/supervisor.ts';
import { silentProgress } from '../../src/terminal/progress.ts';
import { sleeperSpec } from './sleeper.ts';

const folder = process.argv[2] ?? '';
const supervisor = await createSupervisor(folder, silentProgress);
await supervisor.start(sleeperSpec(folder, 'sleeper'));
supervisor.setUrls({});
writeFileSync(join(folder, 'is-up'), '');
