// Runs in a browser, in a file of its own: the page allows no script within itself.
const { SwaggerUIBundle } = globalThis;

SwaggerUIBundle({
  url: '../openapi.json',
  dom_id: '#page',
  deepLinking: true,
  displayRequestDuration: true,
  persistAuthorization: false,
  tryItOutEnabled: true,
  validatorUrl: null,
});
