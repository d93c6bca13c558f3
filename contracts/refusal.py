"""A refusal code: a rule said no, in both languages, with a stable public code."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class RefusalCode:
    """`code` never changes once released; `en` and `id` are titles, the case brings the detail."""

    code: str
    status: int
    en: str
    id: str
