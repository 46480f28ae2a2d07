import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Express, Request, RequestHandler, Response } from 'express';
import helmet from 'helmet';
import { otherMethods } from './mount.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const swagger = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

const at = (file: string) => `/docs/${file}`;
const A_DAY_MS = 86_400_000;

/** All that the page consists of. Nothing else of the package is served. */
const FILES: Readonly<Record<string, readonly [root: string, file: string]>> = {
  'page.mjs': [here, 'docs-page.mjs'],
  'swagger-ui.css': [swagger, 'swagger-ui.css'],
  'swagger-ui-bundle.js': [swagger, 'swagger-ui-bundle.js'],
  'favicon-32x32.png': [swagger, 'favicon-32x32.png'],
};

/**
 * Scripts come from files of ours alone. Styles may be inline, since Swagger UI sets them so. A
 * page over plain HTTP must not have its parts asked for over HTTPS, where nobody listens.
 */
const policy: RequestHandler = helmet.contentSecurityPolicy({
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", 'data:'],
    fontSrc: ["'self'", 'data:'],
    connectSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  },
});

/** An interactive page about the routes at `/docs`, from files of this installation only. */
export const docsPage = (app: Express): void => {
  const file =
    (root: string, name: string, maxAge = 0): RequestHandler =>
    (_request, response) => {
      response.locals['route'] = '/docs';
      response.sendFile(name, { root, maxAge });
    };
  const page = file(here, 'docs-page.html');

  app.get('/docs', policy, (request: Request, response: Response, next) => {
    response.locals['route'] = '/docs';
    // The page's parts are relative to it, so that it also works behind a proxy under a prefix.
    if (request.path.endsWith('/')) page(request, response, next);
    else response.redirect('docs/');
  });
  for (const [name, [root, path]] of Object.entries(FILES))
    app.get(at(name), policy, file(root, path, root === swagger ? A_DAY_MS : 0));
  app.all(['/docs', ...Object.keys(FILES).map(at)], otherMethods(['get']));
};
