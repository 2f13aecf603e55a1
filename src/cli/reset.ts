// `npm run reset`: forgets the local database, the doctor-days and the queue, so that the next start is a fresh one.
// The local secrets stay.
import { rmSync } from 'node:fs';
import { dataFolder, runningOn } from './data-folder.ts';
import { commandLine } from './options.ts';
import { fail, say } from './terminal.ts';

commandLine({
  name: 'npm run reset',
  does: 'Forgets the local data, all of it, so that the next npm start begins afresh. The local secrets stay.',
  options: {},
});
const folder = dataFolder(undefined);
const running = await runningOn(folder);
if (running !== null)
  fail(`Daybook runs on this data, at ${running.url} (process ${running.pid}). Stop it first; nothing was removed.`);
rmSync(folder, { recursive: true, force: true });
say('The local data is gone. The next `npm start` begins afresh.');
