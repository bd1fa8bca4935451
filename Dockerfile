# A small image: what uv.lock names and the program, nothing else; runs as nobody, writes to /data only.
FROM python:3.13-slim AS build
RUN pip install --no-cache-dir uv
WORKDIR /src
COPY pyproject.toml uv.lock hatch_build.py README.md LICENSE ./
COPY src ./src
COPY docs ./docs
ENV UV_PROJECT_ENVIRONMENT=/opt/targetwatch UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
RUN uv sync --frozen --no-dev --no-editable --extra postgresql --extra oidc

FROM python:3.13-slim
COPY --from=build /opt/targetwatch /opt/targetwatch
COPY config /etc/targetwatch
RUN install -d -o 65534 -g 65534 /data
ENV PATH=/opt/targetwatch/bin:$PATH \
    TARGETWATCH_DATABASE_URL=sqlite:////data/targetwatch.db \
    TARGETWATCH_CONFIG_DIR=/etc/targetwatch \
    TARGETWATCH_HOST=0.0.0.0
# nobody, by number: Kubernetes has to see that it is not root
USER 65534:65534
WORKDIR /data
VOLUME /data
EXPOSE 9877
HEALTHCHECK --interval=30s --timeout=3s --start-period=60s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:9877/-/ready', timeout=2)"]
ENTRYPOINT ["targetwatch"]
CMD ["serve", "--upgrade"]
