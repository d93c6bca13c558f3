"""What Prometheus sees of the gateway; labels are route templates, never what people typed."""

from functools import lru_cache

from prometheus_client import Counter, Gauge, Histogram

OFFERED = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
FINE = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)

REQUESTS = Counter("jejaring_http_requests_total", "Requests", ["method", "route", "status"])
SECONDS = Histogram("jejaring_http_seconds", "Time to answer", ["method", "route"], buckets=FINE)
ASKED = Histogram("jejaring_ask_seconds", "Commands: time to the reply", ["service"], buckets=FINE)
ASK_OUTCOMES = Counter("jejaring_asks_total", "Commands by outcome", ["service", "outcome"])
CIRCUIT = Gauge("jejaring_circuit_open", "1 while commands are refused at once", ["service"])
LAG = Gauge("jejaring_view_lag_seconds", "How far the views may be behind")
STREAMS = Gauge("jejaring_streams", "Open live streams")
UNSHOWN = Counter("jejaring_unshown_total", "Changes that a bug kept from being told", ["kind"])
PAGES = Counter("jejaring_pages_total", "Public pages", ["outcome"])


@lru_cache(maxsize=2048)
def _requests(method: str, route: str, status: str) -> Counter:
    return REQUESTS.labels(method, route, status)


@lru_cache(maxsize=512)
def _seconds(method: str, route: str) -> Histogram:
    return SECONDS.labels(method, route)


def count(method: str, route: str, status: str, seconds: float) -> None:
    """One answered request; methods that no route offers are one, for each label is kept."""
    method = method if method in OFFERED else "OTHER"
    _requests(method, route, status).inc()
    _seconds(method, route).observe(seconds)
