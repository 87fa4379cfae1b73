import { createInterface } from 'node:readline';
import { type Ending, endProcesses } from './end-processes.ts';

const graceMs = 10_000;

// Ends the services when the supervisor is gone, however it went: its end of our standard input closes then.
// Each line is the whole list of what runs now, so that nothing depends on having read all of them.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});

let endings: Ending[] = [];
const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  try {
    endings = JSON.parse(line);
  } catch {
    // A line cut off by the supervisor's death: the list before it stands.
  }
});
lines.on('close', () => void endProcesses(endings, graceMs).then(() => process.exit(0)));
