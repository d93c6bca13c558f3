"""The targets of the design beside their plain baselines: ratios from one run, A B A B."""

import warnings

warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
