// `npm run import-locations -- FILE [--remote]`: brings the places of a country into the database, so that clinics can lie
// in them and doctors be found by them. Run again with a newer file, it changes names and adds what is new.
import { executeSql } from './d1.ts';
import { locationsIn } from './location-file.ts';
import { commandLine } from './options.ts';
import { locationSql } from './seed-sql.ts';
import { fail, say } from './terminal.ts';

const asked = commandLine({
  name: 'npm run import-locations',
  does: 'Imports the places of a country, here or (--remote) into the deployment, from a file as seeds/locations/bd.json, or a CSV with the columns code,parent,name,localName,also.',
  options: {
    remote: { says: 'into the deployment' },
    check: { says: 'looks at the file only' },
    'persist-to': { takes: 'FOLDER', says: 'on this machine: the data folder that npm start was given' },
  },
  operands: 'FILE',
});
const [file, second] = asked.operands;
if (file === undefined || second !== undefined) fail('Name one file: npm run import-locations -- FILE');
const place = [asked.has('remote') ? '--remote' : '--local'];
const persist = asked.text('persist-to');
if (persist !== undefined) place.push('--persist-to', persist);

const read = () => {
  try {
    return locationsIn(file as string);
  } catch (error) {
    return fail(`${file} cannot be used:\n${(error as Error).message}`);
  }
};
const rows = read();
if (!asked.has('check')) {
  const statements = locationSql(rows).map((statement) => `${statement};\n`);
  await executeSql(statements.join(''), place).catch((error: Error) => fail(error.message));
}
const counts = [1, 2, 3].map((level) => rows.filter((row) => row.level === level).length);
say(
  `${rows[0]?.name}: ${counts.join(', ')} places on levels 1, 2 and 3${asked.has('check') ? '; nothing was written' : ''}.`,
);
