// Run by npm after every install, on the Node that came with it; `require-node.cjs` has looked whether it can.
import { prepareAssets } from './assets.ts';

prepareAssets();
