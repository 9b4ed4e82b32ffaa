"""Faults in place of an answer: statuses, redirects, and a connection that goes away."""

from __future__ import annotations

from harness.simulator.faults.fault import CREATING, Fault, ReadFault, StatusFault

__all__ = ["STATUS_FAULTS"]

_SOME_POLLS = (2, 3)  # of each job; the job itself goes on
_REFUSED = "a refusal that names the status; no job, nothing billed, no second POST"
_WIDENED = "a wider interval around the job's end; the job is not failed"

STATUS_FAULTS: tuple[Fault, ...] = (
    StatusFault(
        name="401",
        does="the key is refused when a job is to be created",
        sees="an unauthorised request: inconclusive, no job",
        operations=CREATING,
        status=401,
    ),
    StatusFault(
        name="402",
        does="the balance does not cover a job that is to be created",
        sees=_REFUSED,
        operations=CREATING,
        status=402,
    ),
    StatusFault(
        name="404-after-create",
        does="the first three polls of a job do not find it",
        sees=_WIDENED,
        operations=("poll",),
        nth=(1, 2, 3),
        status=404,
    ),
    StatusFault(
        name="409",
        does="creating a job is refused as a conflict",
        sees=_REFUSED,
        operations=CREATING,
        status=409,
    ),
    StatusFault(
        name="422",
        does="creating a job is refused as invalid",
        sees=_REFUSED,
        operations=CREATING,
        status=422,
    ),
    StatusFault(
        name="429",
        does="polls 2 and 3 are too many, with Retry-After: 20",
        sees="the next poll not before Retry-After; the job is not failed",
        operations=("poll",),
        nth=_SOME_POLLS,
        status=429,
        retry_after_s=20,
    ),
    StatusFault(
        name="429-no-retry-after",
        does="polls 2 and 3 are too many, and when to come back is not said",
        sees="a longer pause with jitter before the next poll; the job is not failed",
        operations=("poll",),
        nth=_SOME_POLLS,
        status=429,
    ),
    StatusFault(
        name="500",
        does="polls 2 and 3 fail with 500",
        sees=_WIDENED,
        operations=("poll",),
        nth=_SOME_POLLS,
        status=500,
    ),
    StatusFault(
        name="502",
        does="polls 2 and 3 fail with 502",
        sees=_WIDENED,
        operations=("poll",),
        nth=_SOME_POLLS,
        status=502,
    ),
    StatusFault(
        name="503",
        does="polls 2 and 3 fail with 503",
        sees=_WIDENED,
        operations=("poll",),
        nth=_SOME_POLLS,
        status=503,
    ),
    StatusFault(
        name="html-error-page",
        does="polls 2 and 3 get the HTML page of a gateway, status 502",
        sees="an answer that is no JSON; the job is not failed",
        operations=("poll",),
        nth=_SOME_POLLS,
        status=502,
        html=True,
    ),
    StatusFault(
        name="redirect-elsewhere",
        does="polls 2 and 3 are sent on to another host (307)",
        sees="a redirect that is not followed with the key; the job is not failed",
        operations=("poll",),
        nth=_SOME_POLLS,
        status=307,
        redirect="elsewhere",
    ),
    StatusFault(
        name="redirect-loop",
        does="polls 2 and 3 are sent on to themselves (307)",
        sees="a redirect that is followed a few times at most; the job is not failed",
        operations=("poll",),
        nth=_SOME_POLLS,
        status=307,
        redirect="itself",
    ),
    ReadFault(
        name="reset-before-read",
        does="polls 2 and 3 meet a TCP reset once their head has come; nothing is done",
        sees=_WIDENED + "; a submit met by it (reset-before-read.submit) is possibly billed",
        operations=("poll",),
        nth=_SOME_POLLS,
    ),
)
