"""The words that hold across providers: what a request parameter is called here, whatever its name there."""

from __future__ import annotations

__all__ = ["CANONICAL"]

CANONICAL: tuple[str, ...] = (
    "model",
    "model_version",
    "prompt",
    "negative_prompt",
    "duration_s",
    "aspect_ratio",
    "audio",
    "guidance",
    "mode",
    "seed",
    "count",
    "billing_account",
    "routing",
    "webhook_url",
    "webhook_secret",
    "response_format",
)
