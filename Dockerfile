# why401 alone: static, without a shell, as nobody. docker run --rm -i IMAGE token < token.txt
# rust:1-alpine (rustc 1.98.0, Alpine 3.24.1), by its digest for all architectures. To renew it:
# docker buildx imagetools inspect rust:1-alpine
FROM rust:1-alpine@sha256:a10e64dd139b7387337c7fbe8aca31b959b57b2fd4c8ae20a02cf1d6ea424dce AS build
RUN apk add --no-cache build-base cmake perl
WORKDIR /src
COPY . .
RUN cargo build --release --locked

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /src/target/release/why401 /why401
USER 65534:65534
WORKDIR /work
ENTRYPOINT ["/why401"]
