# A small image: the wheel, nothing else; runs as nobody, writes to /data only.
FROM python:3.12-slim AS build
WORKDIR /src
COPY pyproject.toml hatch_build.py README.md LICENSE ./
COPY src ./src
COPY docs ./docs
RUN pip install --no-cache-dir build && python -m build --wheel --outdir /wheels

FROM python:3.12-slim
RUN --mount=type=bind,from=build,source=/wheels,target=/wheels \
    pip install --no-cache-dir "$(echo /wheels/*.whl)[postgresql,oidc]" \
    && useradd --system --uid 10001 --home-dir /data --create-home targetwatch
COPY config /etc/targetwatch
ENV TARGETWATCH_DATABASE_URL=sqlite:////data/targetwatch.db \
    TARGETWATCH_CONFIG_DIR=/etc/targetwatch \
    TARGETWATCH_HOST=0.0.0.0
USER 10001
VOLUME /data
EXPOSE 9877
HEALTHCHECK --interval=30s --timeout=3s --start-period=60s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:9877/-/ready', timeout=2)"]
ENTRYPOINT ["targetwatch"]
CMD ["serve", "--upgrade"]
