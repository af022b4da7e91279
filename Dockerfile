# Latchbridge as a container and as a Home Assistant app (config.yaml). One image for both.

FROM node:24-slim AS build
# What compiling the Bluetooth socket module needs; Node's headers are in the image.
RUN apt-get update \
 && apt-get install -y --no-install-recommends g++ make python3 \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN npm run build \
 && npm run radio \
 && npm prune --omit=dev

FROM node:24-slim
ARG BUILD_VERSION=0.1.0
LABEL io.hass.type="app" \
      io.hass.arch="aarch64|amd64" \
      io.hass.version="${BUILD_VERSION}" \
      org.opencontainers.image.title="Latchbridge" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${BUILD_VERSION}"
ENV NODE_ENV=production \
    LATCHBRIDGE_DATA=/data
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY --from=build /app/src/flow/catalogue/procedures.yaml ./src/flow/catalogue/
COPY LICENSE docker-entrypoint.sh ./
RUN chmod 755 docker-entrypoint.sh \
 && ln -s /app/dist/main.js /usr/local/bin/latchbridge \
 && mkdir /data && chown node:node /data
# The keys of the locks live here: without a volume they would go with the container.
VOLUME ["/data"]
ENTRYPOINT ["/app/docker-entrypoint.sh"]
CMD ["run"]
