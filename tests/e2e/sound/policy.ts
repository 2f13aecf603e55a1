/** What the policy of a page must say, directive by directive. */
const demanded: Readonly<Record<string, RegExp>> = {
  'default-src': /^'none'$/,
  'script-src': /^'nonce-[\w-]{22}'$/,
  'style-src': /^'nonce-[\w-]{22}'$/,
  'base-uri': /^'none'$/,
  'frame-ancestors': /^'none'$/,
  'form-action': /^('none'|'self'( \S+)*)$/,
};

/** What is missing from the headers that protect a page. */
export const policyProblems = (headers: Readonly<Record<string, string>>): string[] => {
  const policy = headers['content-security-policy'] ?? '';
  if (policy === '') return ['it has no Content-Security-Policy'];
  const said = new Map(policy.split(';').map((one) => one.trim().split(/ (.*)/s) as [string, string]));
  const wrong = Object.entries(demanded).filter(([name, pattern]) => !pattern.test(said.get(name) ?? ''));
  return wrong.map(([name]) => `its Content-Security-Policy has ${name} ${said.get(name) ?? 'not'}`);
};
