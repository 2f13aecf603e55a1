/**
 * The API reference for people. Its files are copied to the assets by `npm run prepare`, so that it works offline.
 *
 * @param nonce what its scripts and styles are allowed by
 */
export const referencePage = (nonce: string): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Daybook API reference</title>
    <link rel="icon" type="image/png" href="/reference/favicon-32x32.png">
    <link rel="stylesheet" nonce="${nonce}" href="/reference/swagger-ui.css">
    <link rel="stylesheet" nonce="${nonce}" href="/reference/reference.css">
  </head>
  <body>
    <div id="reference"></div>
    <noscript>This page needs JavaScript. The document it shows is at <a href="/api/v1/openapi.json">/api/v1/openapi.json</a>.</noscript>
    <script nonce="${nonce}" src="/reference/swagger-ui-bundle.js"></script>
    <script nonce="${nonce}" src="/reference/reference.js"></script>
  </body>
</html>
`;
