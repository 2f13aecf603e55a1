import type { SourceMap } from 'node:module';
import type { CpuProfile, ProfileNode } from './inspector.ts';

/** The parts of a booking, each with the files that do it; a sample belongs to the first that matches. */
const parts: readonly (readonly [name: string, files: RegExp])[] = [
  ['session guard: was the token ended', /features\/identity\/guard\.ts|durable-objects\/session-guard\.ts/],
  ['token: signature and claims', /node_modules\/jose\/|features\/identity\//],
  [
    'HTTP: routing, headers, answers',
    /node_modules\/(hono|@hono)\/|src\/(app|worker)\.ts|http\/(route|problem|context)/,
  ],
  ['limits of bodies, headers, callers', /http\/(body-rules|json-shape|request-size|cross-origin|rate-)/],
  ['headers of every answer', /http\/(answered|security-headers)/],
  ['Idempotency-Key: fingerprint', /http\/(sealed-answer|idempotency)|sealing\/keyed-mac/],
  ['sealing, and the chain of the audit', /src\/sealing\/|features\/audit\/|domain\/audit-/],
  ['validation', /node_modules\/zod\/|http\/schemas|features\/appointments\/schema/],
  ['log line', /http\/log\.ts/],
  ['ids and their base64url', /domain\/(ids|base64url|local-date)\.ts/],
  ['RPC to the doctor-day', /doctor-days\/client\.ts|durable-objects\/(doctor-day|group-commit)\.ts/],
  ['decision: seats, rules', /src\/domain\/|temporal/],
  ['SQLite: log, records, answers', /durable-objects\/(ledger|engine|decider)\.ts/],
  ['outbox and projection to D1', /durable-objects\/(outbox|due)|doctor-days\/(projection|schedule)/],
  ['the answer: JSON, sealed words', /features\/appointments\//],
];

/** Where the time of a profile went, as shares of what was not idle, largest first. */
export const sharesOf = (profile: CpuProfile, map: SourceMap): { name: string; share: number }[] => {
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const parents = new Map<number, number>();
  for (const node of profile.nodes) for (const child of node.children ?? []) parents.set(child, node.id);

  const partOf = (id: number): string => {
    // What the runtime does is put down to the file that asked for it.
    for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
      const file = fileOf(nodes.get(at), map);
      if (file !== null) return parts.find(([, files]) => files.test(file))?.[0] ?? 'the rest of the code';
    }
    const name = nodes.get(id)?.callFrame.functionName ?? '';
    if (name === '(idle)') return 'idle';
    return name === '(garbage collector)' ? 'garbage collection' : 'the runtime itself';
  };

  const known = new Map<number, string>();
  const spentUs = new Map<string, number>();
  for (const [i, id] of profile.samples.entries()) {
    const part = known.get(id) ?? partOf(id);
    known.set(id, part);
    spentUs.set(part, (spentUs.get(part) ?? 0) + (profile.timeDeltas[i] ?? 0));
  }
  spentUs.delete('idle');
  const total = [...spentUs.values()].reduce((sum, us) => sum + us, 0);
  return [...spentUs].map(([name, us]) => ({ name, share: us / total })).sort((a, b) => b.share - a.share);
};

/** The source file of a frame; `null` for the runtime's own. */
const fileOf = (node: ProfileNode | undefined, map: SourceMap): string | null => {
  if (node === undefined || node.callFrame.url === '') return null;
  const entry = map.findEntry(node.callFrame.lineNumber, node.callFrame.columnNumber);
  return 'originalSource' in entry ? entry.originalSource : null;
};
