import { createLog, reportCrashes } from '../src/index.ts';

/** Ends as the processes of the product do when something is thrown that nobody catches. */
const log = createLog({ name: 'crash', level: 'info' });
reportCrashes(log);
const [how = 'throw', address = ''] = process.argv.slice(2);
if (how === 'reject') void Promise.reject(Object.assign(new TypeError(`no answer from ${address}`), { address }));
else if (how === 'url') new URL(address);
else throw Object.assign(new TypeError(`no answer from ${address}`), { address, cause: { address } });
