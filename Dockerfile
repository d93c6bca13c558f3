# Three images of one build: `service` decides, `gateway` shows, `console` founds and backs up.
# Each holds only what it may import: deploy/image/proof.py breaks the build otherwise.
ARG PYTHON=docker.io/library/python:3.11.13-slim-bookworm

FROM ${PYTHON} AS base
# glibc is told to give back what hashing a password took for a moment.
ENV PATH=/venv/bin:$PATH \
    PYTHONPATH=/app \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MALLOC_ARENA_MAX=1 \
    MALLOC_MMAP_THRESHOLD_=131072 \
    MALLOC_TRIM_THRESHOLD_=131072
WORKDIR /app

FROM base AS builder
RUN python -m venv --without-pip /venv && python -m venv /tools
WORKDIR /requirements

FROM builder AS service-proof
COPY requirements/service.lock ./
RUN /tools/bin/pip --python /venv/bin/python install --no-cache-dir --require-hashes -r service.lock
COPY deploy/image/proof.py /
COPY contracts /app/contracts
COPY chassis /app/chassis
COPY services /app/services
RUN python /proof.py contracts chassis services \
    && python -m compileall -q --invalidation-mode unchecked-hash /app

FROM builder AS gateway-proof
COPY requirements/gateway.lock ./
RUN /tools/bin/pip --python /venv/bin/python install --no-cache-dir --require-hashes -r gateway.lock
COPY deploy/image/proof.py /
COPY contracts /app/contracts
COPY chassis /app/chassis
COPY gateway /app/gateway
RUN python /proof.py contracts chassis gateway \
    && python -m compileall -q --invalidation-mode unchecked-hash /app

FROM builder AS console-proof
COPY requirements/console.lock ./
RUN /tools/bin/pip --python /venv/bin/python install --no-cache-dir --require-hashes -r console.lock
COPY deploy/image/proof.py /
COPY contracts /app/contracts
COPY chassis /app/chassis
COPY cell /app/cell
RUN python /proof.py contracts chassis cell \
    && python -m compileall -q --invalidation-mode unchecked-hash /app

FROM base AS console
COPY --from=console-proof /venv /venv
COPY --from=console-proof /app /app
USER 10001:10001
ENTRYPOINT ["python", "-m"]

FROM base AS gateway
COPY --from=gateway-proof /venv /venv
COPY --from=gateway-proof /app /app
USER 10001:10001
EXPOSE 8080
CMD ["python", "-m", "gunicorn", "-c", "gateway/gunicorn.py", "gateway.app:from_environment()"]

FROM base AS service
COPY --from=service-proof /venv /venv
COPY --from=service-proof /app /app
USER 10001:10001
EXPOSE 8081
ENTRYPOINT ["python", "-m", "chassis.run"]
