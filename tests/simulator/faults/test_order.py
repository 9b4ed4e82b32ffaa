"""Faults as they are ordered on the command line, and which requests they strike."""

from __future__ import annotations

import re

import pytest

from harness.errors import OperatorError
from harness.simulator.faults.fault import Fault, PlanFault, StatusFault
from harness.simulator.faults.order import FaultPlan, parse_order
from harness.simulator.faults.table import FAULTS
from harness.spec.model import Spec
from tests.simulator.serving import STORE

SPECS = STORE.all()
OXEN = STORE.get("oxen")
NOVITA = STORE.get("novita/kling-v2.6-pro-t2v")


class TestParseOrder:
    @pytest.mark.parametrize(
        ("text", "name", "operations", "model", "rate", "nth"),
        [
            ("500", "500", ("poll",), None, None, (2, 3)),
            ("500@0.25", "500", ("poll",), None, 0.25, (2, 3)),
            ("500:oxen", "500", ("poll",), OXEN.id, None, (2, 3)),
            ("500.submit", "500", ("submit",), None, None, (1,)),
            ("500.output:oxen@1", "500", ("output",), OXEN.id, 1.0, (1,)),
            ("401:novita/kling-v2.6@latest@0.5", "401", ("submit", "generate"), NOVITA.id, 0.5, None),
            ("401:oxen@2026-07-01", "401", ("submit", "generate"), OXEN.id, None, None),
            ("job-failed@0", "job-failed", (), None, 0.0, None),
        ],
    )
    def test_its_parts(self, text, name, operations, model, rate, nth):
        """Name, operation, model and rate; a row's own choice of requests yields to a named operation."""
        order = parse_order(text, SPECS)
        assert (order.fault.name, order.operations) == (name, operations)
        assert (order.model, order.rate, order.nth) == (model, rate, nth)

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("5000", "--fault 5000: no fault '5000'; did you mean 500?"),
            ("x", "--fault x: no fault 'x'; see harness simulate --list-faults"),
            ("500@2", "--fault 500@2: expected a rate from 0 to 1, got 2"),
            ("500@-1", "--fault 500@-1: expected a rate from 0 to 1, got -1"),
            ("500@nan", "--fault 500@nan: expected a rate from 0 to 1, got nan"),
            (
                "500.resume",
                "--fault 500.resume: 500 strikes submit, generate, poll, events, cancel, model, output;"
                " got 'resume'",
            ),
            ("id-changes.submit", "--fault id-changes.submit: id-changes strikes poll; got 'submit'"),
            ("job-failed.poll", "--fault job-failed.poll: job-failed does not strike an operation"),
            (
                "500:novita",
                "--fault 500:novita: model 'novita' is ambiguous: novita/kling-v1.6-t2v,"
                " novita/kling-v2.6-pro-t2v",
            ),
        ],
    )
    def test_what_it_refuses(self, text: str, message: str):
        """One clear message for each."""
        with pytest.raises(OperatorError, match=f"^{re.escape(message)}$"):
            parse_order(text, SPECS)

    def test_a_model_that_is_not_served(self):
        """The message lists those that are."""
        with pytest.raises(OperatorError) as caught:
            parse_order("500:eachlabs", (OXEN, NOVITA))
        served = f"{OXEN.id}, {NOVITA.id}"
        assert str(caught.value) == f"--fault 500:eachlabs: model 'eachlabs' is not served: {served}"


def plan(*orders: str, seed: int = 0) -> FaultPlan:
    """A plan of these orders."""
    return FaultPlan(orders=tuple(parse_order(text, SPECS) for text in orders), seed=seed)


def struck(faults: FaultPlan, spec: Spec, operation: str, *, count: int = 6, subject: str = "1") -> list[int]:
    """Which of the first requests of an operation are struck by a status."""
    return [
        nth
        for nth in range(1, count + 1)
        if faults.striking(StatusFault, spec, operation=operation, nth=nth, subject=subject)
    ]


class TestFaultPlan:
    def test_a_row_strikes_its_own_requests(self):
        """Polls 2 and 3 and no other operation."""
        assert struck(plan("503"), OXEN, "poll") == [2, 3]
        assert struck(plan("503"), OXEN, "submit") == []

    def test_a_named_operation_is_struck_once(self):
        """The first request of it; a row without a choice strikes all."""
        assert struck(plan("503.submit"), OXEN, "submit") == [1]
        assert struck(plan("401.poll"), OXEN, "poll") == [1, 2, 3, 4, 5, 6]

    def test_a_model_alone(self):
        """Others are spared."""
        assert struck(plan("503:oxen"), OXEN, "poll") == [2, 3]
        assert struck(plan("503:oxen"), NOVITA, "poll") == []

    def test_a_rate_is_a_share_that_repeats(self):
        """The same seed strikes the same requests, another seed others; 0 strikes none and 1 all."""
        first = struck(plan("503@0.3"), OXEN, "poll", count=1000)
        assert 250 < len(first) < 350
        assert struck(plan("503@0.3"), OXEN, "poll", count=1000) == first
        assert struck(plan("503@0.3", seed=1), OXEN, "poll", count=1000) != first
        assert struck(plan("503@0.3"), OXEN, "poll", count=1000, subject="2") != first
        assert struck(plan("503@0"), OXEN, "poll") == []
        assert struck(plan("503@1"), OXEN, "poll") == [1, 2, 3, 4, 5, 6]

    def test_a_rate_of_jobs(self):
        """A fault of no request strikes a share of the jobs."""
        faults = plan("job-failed@0.5")
        jobs = [n for n in range(200) if faults.striking(PlanFault, OXEN, subject=str(n))]
        assert 70 < len(jobs) < 130

    def test_faults_combine(self):
        """All that strike, in the order of the command line."""
        found = plan("503", "500", "429").striking(StatusFault, OXEN, operation="poll", nth=2, subject="1")
        assert [fault.name for fault in found] == ["503", "500", "429"]

    def test_notes_say_what_cannot_be(self):
        """One line for each model that cannot show a fault."""
        assert plan("webhook-late:oxen", "500").notes(SPECS) == [
            f"fault webhook-late cannot strike {OXEN.id}: it documents no webhook"
        ]
        assert plan("500.cancel:novita/kling-v2.6").notes(SPECS) == [
            f"fault 500 cannot strike {NOVITA.id}: it has no operation cancel"
        ]

    @pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
    def test_what_cannot_be_does_not_strike(self, fault: Fault):
        """A model that cannot show a fault is never struck by it."""
        order = plan(f"{fault.name}@1")
        for spec in SPECS:
            strikes = order.striking(type(fault), spec, operation="poll", subject="1")
            assert not (strikes and fault.needs(spec) is not None)
