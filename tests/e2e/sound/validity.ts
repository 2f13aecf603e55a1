import { HtmlValidate, StaticConfigLoader } from 'html-validate';

const validator = new HtmlValidate(
  new StaticConfigLoader({
    root: true,
    extends: ['html-validate:recommended', 'html-validate:document'],
    rules: {
      // How hono/jsx writes what HTML lets one write in several ways: <br/>, required="".
      'void-style': ['error', { style: 'selfclose' }],
      'attribute-boolean-style': ['error', { style: 'empty' }],
      'attribute-empty-style': ['error', { style: 'empty' }],
      // Checkboxes of one question share its name, as HTML has them.
      'form-dup-name': ['error', { shared: ['radio', 'checkbox', 'submit', 'button', 'reset'] }],
      // Integrity protects from whoever else serves a file, and ours come from where the page comes from.
      'require-sri': ['error', { target: 'crossorigin' }],
      'doctype-style': ['error', { style: 'lowercase' }],
    },
  }),
);

/** What an independent validator finds in a document as it was served. */
export const validityProblems = async (html: string): Promise<string[]> => {
  const { results } = await validator.validateString(html, 'page.html');
  return results
    .flatMap(({ messages }) => messages)
    .map(({ ruleId, message, line, column }) => {
      const source = html.split('\n')[line - 1] ?? '';
      return `html, ${ruleId}: ${message}\n${source.slice(Math.max(0, column - 20), column + 120)}`;
    });
};
