# syntax=docker/dockerfile:1
# The image of one app: docker build --build-arg APP=store --tag store .   (docs/how-to/build-an-image.md)
# Of a tool: --build-arg KIND=tools --build-arg APP=contracts
ARG NODE=node:24.21.0-bookworm-slim

# Runs on the machine that builds, whatever the image is for: nothing of it is emulated.
FROM --platform=$BUILDPLATFORM ${NODE} AS tree
ARG APP
ARG KIND=apps
ARG TARGETARCH
WORKDIR /workspace
COPY . .
# Scripts of packages are not run: what the apps need comes ready made.
ARG SOURCE_DATE_EPOCH
RUN --mount=type=cache,target=/npm-cache \
    : "${APP:?is missing: --build-arg APP=store}" && \
    cpu=$([ "$TARGETARCH" = amd64 ] && echo x64 || echo "$TARGETARCH") && \
    npm ci --cache /npm-cache --ignore-scripts --omit=dev --workspace "$KIND/$APP" --workspace tools/images \
      --os linux --cpu "$cpu" --libc glibc && \
    node tools/images/src/main.ts "$APP" --cpu "$cpu" --out /image

FROM ${NODE}
ARG APP
ARG KIND=apps
ARG VERSION=0.0.0
ARG REVISION=unknown
ARG SOURCE=
LABEL org.opencontainers.image.title="${APP}" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.source="${SOURCE}" \
      org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080
COPY --from=tree /image /app
WORKDIR /app/${KIND}/${APP}
# A number, so that Kubernetes can tell that it is not root.
USER 10001:10001
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/livez').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Node is process 1 and gets the signals itself.
ENTRYPOINT ["node", "src/main.ts"]
