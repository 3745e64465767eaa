# syntax=docker/dockerfile:1
# The gateway, with its board and the emulator. deploy/README.md says how to use it.

FROM node:24-trixie-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
COPY client/package.json client/
RUN npm ci --no-audit --no-fund
COPY . .
# A workspace is a link in node_modules, and the program does not use the only one.
RUN npm run build && node release/contents.js && npm prune --omit=dev --no-audit --no-fund && rm -f node_modules/waybill-client
# With --build-arg TRACES=on the packages that OTEL_EXPORTER_OTLP_ENDPOINT takes, which are as large as the rest.
ARG TRACES=off
RUN if [ "$TRACES" = on ]; then mkdir traces && cd traces && npm init --yes > /dev/null && npm install --no-audit --no-fund \
    $(node -p 'Object.entries(require("../package.json").peerDependencies).map((each) => each.join("@")).join(" ")') && \
    cp -r node_modules/. ../node_modules/; fi
# The folder of the data, as a volume that is made of it has its owner.
RUN install --directory --owner=65532 --group=65532 --mode=0700 data

# Starts and stops once, as the user who will run it and with the Node that will run it, so that compiled code is in the image: it saves
# each start a fifth of its processor time.
FROM gcr.io/distroless/nodejs24-debian13:nonroot AS compiled
WORKDIR /app
COPY --from=build --chown=65532:65532 /build/package.json /build/schema.graphql ./
COPY --from=build --chown=65532:65532 /build/node_modules node_modules
COPY --from=build --chown=65532:65532 /build/dist dist
COPY deploy/docker/start-once.js /tmp/
RUN ["/nodejs/bin/node", "/tmp/start-once.js"]

FROM gcr.io/distroless/nodejs24-debian13:nonroot
WORKDIR /app
# Belongs to root, so that the program cannot change itself.
COPY --from=compiled --chown=0:0 /app ./
COPY --from=build --chown=65532:65532 /build/data /var/lib/waybill
# Beyond loopback the gateway starts only with WAYBILL_AUTH.
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=4000 \
    WAYBILL_DATA_DIR=/var/lib/waybill/store \
    WAYBILL_TOKENS_FILE=/var/lib/waybill/tokens.json
# By number, so that Kubernetes sees that it is not root.
USER 65532:65532
VOLUME /var/lib/waybill
EXPOSE 4000
STOPSIGNAL SIGTERM
# Whether it lives, not whether it is ready: what restarts an unhealthy container would restart all of them when their Redis is away.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["/nodejs/bin/node", "--eval", "fetch(`http://127.0.0.1:${process.env.PORT}/livez`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["/nodejs/bin/node", "/app/dist/main.js"]
CMD ["serve"]
