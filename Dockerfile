# The service in one image: `docker compose up` runs it three times over (see docker-compose.yml), or alone:
#   docker build -t gpu-limbo . &&
#   docker run -p 127.0.0.1:8501:8501 -e GPU_LIMBO_PUBLISHED_ON=127.0.0.1 -v limbo:/data gpu-limbo
# `make pin-images` pins the base by digest for compose; else --build-arg BASE=python:3.13-slim@sha256:...
ARG BASE=python:3.13-slim
FROM ${BASE} AS build

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python3 -m venv /opt/venv
COPY requirements.lock /build/
# The rest runs read-only, so what Python would compile at first use is compiled here.
RUN /opt/venv/bin/pip install --require-hashes --only-binary=:all: -r /build/requirements.lock \
  && rm -rf /opt/venv/lib/python3*/site-packages/pip* /opt/venv/bin/pip* \
  && /opt/venv/bin/python -m compileall -q -j 0 /opt/venv/lib
COPY monitor /app/monitor
COPY spiders /app/spiders
COPY dashboard /app/dashboard
COPY scrapy.cfg LICENSE NOTICE /app/
RUN printf '#!/opt/venv/bin/python\nfrom monitor.__main__ import main\n\nmain()\n' >/opt/venv/bin/gpu-limbo \
  && chmod 755 /opt/venv/bin/gpu-limbo \
  && /opt/venv/bin/python -m compileall -q -j 0 /app


# Only for docker-compose.gpu.yml: the same with cupy, which brings CUDA's libraries and is large.
FROM build AS build-probe
RUN python3 -m pip --python /opt/venv/bin/python install --only-binary=:all: 'cupy-cuda13x[ctk]>=14'


FROM ${BASE} AS probe

COPY --from=build-probe /opt/venv /opt/venv
COPY --from=build /app /app
ENV PATH=/opt/venv/bin:$PATH PYTHONPATH=/app PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    HOME=/tmp GPU_LIMBO_HOME=/data NVIDIA_VISIBLE_DEVICES=all NVIDIA_DRIVER_CAPABILITIES=compute,utility
WORKDIR /app
USER 10001:10001
CMD ["python", "-m", "monitor.probe"]


FROM ${BASE}

COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
RUN mkdir -p /data /run/gpu-limbo && chown 10001:10001 /data
ENV PATH=/opt/venv/bin:$PATH PYTHONPATH=/app PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    HOME=/tmp GPU_LIMBO_HOME=/data GPU_LIMBO_HOST=0.0.0.0 STREAMLIT_BROWSER_GATHER_USAGE_STATS=false
WORKDIR /app
USER 10001:10001
VOLUME /data
EXPOSE 8501
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=8s --start-period=90s --retries=6 \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8501/healthz', timeout=6)"]
CMD ["gpu-limbo", "up"]
