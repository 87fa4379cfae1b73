import { writeFileSync } from 'node:fs';
import { envExample, envExamplePath } from './env-example.ts';

writeFileSync(envExamplePath, envExample());
