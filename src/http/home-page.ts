/**
 * What a person sees who opens the address of a Daybook: that it is an API, and where to go from here.
 *
 * @param nonce what its styles are allowed by
 * @param hasMailbox whether this one shows its mail at /dev/mailbox instead of sending it
 */
export const homePage = (nonce: string, hasMailbox: boolean): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Daybook</title>
    <link rel="icon" type="image/png" href="/reference/favicon-32x32.png">
    <style nonce="${nonce}">
      body { font: 1rem/1.5 system-ui, sans-serif; max-width: 36rem; margin: 4rem auto; padding: 0 1rem }
      dt { font-weight: 600 }
      dd { margin: 0 0 1rem }
    </style>
  </head>
  <body>
    <main>
      <h1>Daybook</h1>
      <p>Books healthcare appointments, and cannot double-book. Here its API answers; it has no pages for patients and
      doctors yet.</p>
      <dl>
        <dt><a href="/api/v1/docs">API reference</a></dt>
        <dd>Every operation, to read and to try.</dd>
        <dt><a href="/api/v1/openapi.json">OpenAPI document</a></dt>
        <dd>The same for programs.</dd>${
          hasMailbox
            ? `
        <dt><a href="/dev/mailbox">Mailbox</a></dt>
        <dd>Mail, SMS and push that were not sent, because this Daybook runs on a developer’s machine.</dd>`
            : ''
        }
        <dt><a href="/health/ready">Health</a></dt>
        <dd>Whether the parts behind it answer.</dd>
      </dl>
    </main>
  </body>
</html>
`;
