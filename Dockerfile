# why401 alone: static, without a shell, as nobody. docker run --rm -i IMAGE token < token.txt
FROM rust:1-alpine AS build
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
