import { drawPlan } from './plan.ts';
import { simulate } from './simulate.ts';

const n = Number(process.argv[2] ?? 20),
  from = Number(process.argv[3] ?? 1);
let bad = 0;
const t = performance.now();
let steps = 0;
for (let seed = from; seed < from + n; seed += 1) {
  const o = await simulate(drawPlan(seed));
  steps += o.steps;
  if (o.failure) {
    bad += 1;
    console.log(seed, o.failure.what.slice(0, n === 1 ? 9000 : 300));
    if (n === 1) for (const l of o.told) console.log(new Date(l.atMs).toISOString(), l.text);
  } else if (n === 1) console.log(o);
}
console.log({ n, bad, steps, s: (performance.now() - t) / 1000 });
