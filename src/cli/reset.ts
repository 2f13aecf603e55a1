// `npm run reset`: forgets the local database, the doctor-days and the queue, so that the next start is a fresh one.
// The local secrets stay.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { say } from './terminal.ts';
import { root } from './wrangler.ts';

rmSync(join(root, '.wrangler', 'state'), { recursive: true, force: true });
say('The local data is gone. The next `npm start` begins afresh.');
