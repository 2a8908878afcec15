"""One commit site, one clock, one place for each kind of thing."""

import ast

from tests.architecture.sources import ROOT, calls, sources


def test_only_the_door_to_the_database_commits():
    # The driver's own connection commits the SET ROLE of a new connection; that is the same file.
    sites = {path for path, tree in sources() for _ in calls(tree, "commit")}
    assert sites == {"tcma/infra/db.py"}


def test_transactions_are_opened_in_doors_and_on_the_roof_only():
    doors = {"api.py", "portal.py", "tasks.py", "mailbox.py", "signin.py", "visits.py"}
    frame = ("tcma/infra/", "tcma/web/", "tcma/cli/", "tcma/demo/", "tcma/worker.py", "tcma/app.py", "tcma/frame.py")
    strays = [
        path
        for path, tree in sources()
        if any(calls(tree, "transaction"))
        and path.rpartition("/")[2] not in doors
        and not path.startswith(frame)
        and not {"api", "portal", "tasks", "signin"} & set(path.split("/"))
    ]
    assert strays == []


def test_only_the_clock_asks_what_time_it_is():
    askers = {
        path
        for path, tree in sources()
        for call in calls(tree, "now", "utcnow", "today")
        if isinstance(call.func, ast.Attribute) and getattr(call.func.value, "id", "") in {"datetime", "date"}
    }
    assert askers == {"tcma/kernel/clock.py"}


def test_no_file_has_a_name_that_says_nothing():
    empty_words = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers", "base"}
    named = [path for path, _ in sources() if path.rpartition("/")[2].removesuffix(".py") in empty_words]
    assert named == []


def test_every_package_says_what_lives_in_it():
    silent = [path for path, tree in sources("**/__init__.py") if not ast.get_docstring(tree)]
    assert silent == []


def test_the_front_page_and_the_terms_are_there():
    for name in ("README.md", "LICENSE", "CHANGELOG.md", "Makefile", ".ci/run", "docs/decisions"):
        assert (ROOT / name).exists(), name
