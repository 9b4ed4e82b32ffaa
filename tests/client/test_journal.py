"""The journal: states in their order, reservations under one roof, over threads and processes."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from harness.client.billing import WorstCase
from harness.client.budget import Budget
from harness.client.entry import OPEN, EntryState
from harness.client.journal import Journal, Spent
from harness.errors import BudgetError, OperatorError
from tests.client.entries import DRAFT, opened, reserved
from tests.shared import PROJECT


class TestStates:
    def test_the_usual_way(self, tmp_path: Path):
        """Reserved, sent, submitted, done: each with its time."""
        journal = opened(tmp_path)
        entry = reserved(journal)
        journal.sent(entry.id)
        (submitted,) = journal.submitted(entry.id, ["job-1"])
        journal.ended(entry.id, EntryState.DONE, output="https://x/v.mp4")
        done = journal.entry(entry.id)

        assert (submitted.state, submitted.job_id) == (EntryState.SUBMITTED, "job-1")
        assert (done.state, done.output, done.counted) == (EntryState.DONE, "https://x/v.mp4", True)
        assert [done.reserved_utc, done.sent_utc, done.submitted_utc, done.ended_utc] == [
            "2026-01-08T00:00:00.000+00:00",
            "2026-01-08T00:00:01.000+00:00",
            "2026-01-08T00:00:02.000+00:00",
            "2026-01-08T00:00:03.000+00:00",
        ]
        journal.close()

    def test_what_cannot_follow(self, tmp_path: Path):
        """A job is not sent twice, and what has ended stays so."""
        journal = opened(tmp_path)
        entry = reserved(journal)
        journal.sent(entry.id)
        for call in (
            lambda: journal.sent(entry.id),
            lambda: journal.ended(entry.id, EntryState.SUBMITTED),
        ):
            with pytest.raises(ValueError, match="is"):
                call()
        journal.ended(entry.id, EntryState.POSSIBLY_BILLED, note="no answer")
        with pytest.raises(ValueError, match=f"^entry {entry.id} is possibly_billed and cannot become done$"):
            journal.ended(entry.id, EntryState.DONE)
        with pytest.raises(OperatorError, match="the journal has no entry 'nobody'"):
            journal.sent("nobody")
        journal.close()

    def test_it_is_there_after_reopening(self, tmp_path: Path):
        """In the order in which it was made; and by state."""
        journal = opened(tmp_path)
        first, second = reserved(journal), reserved(journal)
        journal.sent(second.id)
        journal.close()

        again = opened(tmp_path)
        assert [entry.id for entry in again.entries()] == [first.id, second.id]
        assert [entry.id for entry in again.entries((EntryState.SENT,))] == [second.id]
        assert len(again.entries(OPEN)) == 2
        again.close()


class TestSeveralJobs:
    def test_each_gets_an_entry_and_its_share(self, tmp_path: Path):
        """Three of at most four: the fourth stays reserved with the first."""
        journal = opened(tmp_path)
        entry = reserved(journal, jobs=4, cost_microusd=1_400_002)
        journal.sent(entry.id)
        made = journal.submitted(entry.id, ["a", "b", "c"])

        assert [(e.job_id, e.jobs, e.cost_microusd) for e in made] == [
            ("a", 2, 700_002),
            ("b", 1, 350_000),
            ("c", 1, 350_000),
        ]
        assert journal.entries() == made
        assert journal.spent("s") == Spent(jobs=4, cost_microusd=1_400_002, unpriced_jobs=0)
        journal.close()

    def test_more_than_were_asked_for(self, tmp_path: Path):
        """They count, though nobody asked."""
        journal = opened(tmp_path)
        entry = reserved(journal, cost_microusd=None)
        journal.sent(entry.id)
        journal.submitted(entry.id, ["a", "b"])

        assert journal.spent("s") == Spent(jobs=2, cost_microusd=0, unpriced_jobs=2)
        journal.close()


class TestReservation:
    def test_what_counts(self, tmp_path: Path):
        """Everything of the scope but what certainly never reached the provider."""
        journal = opened(tmp_path)
        for state, counted in ((EntryState.REFUSED, True), (EntryState.POSSIBLY_BILLED, True)):
            entry = reserved(journal)
            journal.sent(entry.id)
            journal.ended(entry.id, state, counted=counted)
        unsent = reserved(journal)
        journal.ended(unsent.id, EntryState.ABANDONED, counted=False)
        reserved(journal, scope="another")

        assert journal.spent("s") == Spent(jobs=2, cost_microusd=700_000, unpriced_jobs=0)
        journal.close()

    def test_a_refusal_writes_nothing(self, tmp_path: Path):
        """The reason is the budget's."""
        journal = opened(tmp_path)
        with pytest.raises(BudgetError, match="because"):
            journal.reserve(DRAFT, allows=lambda _spent: "because")
        assert journal.entries() == ()
        journal.close()

    def test_fifty_at_once(self, tmp_path: Path):
        """Of fifty threads, seven get through a budget of seven."""
        journal = opened(tmp_path)
        allows = Budget(max_jobs=7).refusal(WorstCase(jobs=1, cost_microusd=None), "a/b")

        def attempt(_: int) -> bool:
            try:
                journal.reserve(DRAFT, allows=allows)
            except BudgetError:
                return False
            return True

        with ThreadPoolExecutor(50) as pool:
            assert sum(pool.map(attempt, range(50))) == 7
        journal.close()

    def test_over_processes(self, tmp_path: Path):
        """Four processes, twenty attempts each, one budget of nine."""
        script = (
            "import sys; from pathlib import Path\n"
            "from tests.client.entries import DRAFT, opened\n"
            "from harness.client.billing import WorstCase\n"
            "from harness.client.budget import Budget\n"
            "from harness.errors import BudgetError\n"
            "journal = opened(Path(sys.argv[1]))\n"
            "allows = Budget(max_jobs=9).refusal(WorstCase(jobs=1, cost_microusd=None), 'a/b')\n"
            "made = 0\n"
            "for _ in range(20):\n"
            "    try:\n"
            "        journal.reserve(DRAFT, allows=allows); made += 1\n"
            "    except BudgetError: pass\n"
            "journal.close(); print(made)\n"
        )
        running = [
            subprocess.Popen(
                [sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, text=True, cwd=PROJECT
            )
            for _ in range(4)
        ]
        made = [int(process.communicate(timeout=60)[0]) for process in running]

        assert sum(made) == 9
        journal = opened(tmp_path)
        assert len(journal.entries()) == 9
        journal.close()


class TestOwners:
    def test_a_running_owner_keeps_its_entries(self, tmp_path: Path):
        """Two journals on one file are two processes as far as this goes."""
        one, other = opened(tmp_path), opened(tmp_path)
        entry = reserved(one)

        assert other.is_in_use(entry)
        assert other.take_over(entry.id) is None
        assert one.take_over(entry.id) is not None
        one.close()

        assert not other.is_in_use(entry)
        taken = other.take_over(entry.id)
        assert taken == replace(entry, owner=other.owner)
        assert other.is_in_use(taken)
        other.close()

    def test_what_has_ended_is_in_nobodys_use(self, tmp_path: Path):
        """Even while its process runs."""
        journal = opened(tmp_path)
        entry = reserved(journal)
        journal.ended(entry.id, EntryState.ABANDONED, counted=False)

        assert not journal.is_in_use(journal.entry(entry.id))
        journal.close()


def test_the_first_reader_needs_no_lock_file(tmp_path: Path):
    """Looking leaves nothing behind."""
    opened(tmp_path).close()
    journal = Journal.open(tmp_path / "journal.sqlite", utc_now=lambda: pytest.fail("no time is needed"))
    assert journal.entries() == ()
    journal.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["journal.sqlite"]
