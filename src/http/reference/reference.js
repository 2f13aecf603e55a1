// Runs in the reader's browser, on the page of page.ts, after Swagger UI's own script.
window.SwaggerUIBundle({
  url: '/api/v1/openapi.json',
  dom_id: '#reference',
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  docExpansion: 'list',
  filter: true,
  tryItOutEnabled: true,
  // Never ask a server elsewhere about this document.
  validatorUrl: null,
});
