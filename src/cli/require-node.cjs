// An older Node cannot even read TypeScript, so this is for the Node of anybody: no syntax that is newer than 2015.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `This is Node ${process.versions.node}; Daybook's commands need 22.18 or newer. npm install brings one of its own, ` +
      'unless scripts are switched off: run npm install --ignore-scripts=false, or install a newer Node.',
  );
  process.exit(1);
}
