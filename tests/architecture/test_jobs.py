"""Every job that somebody asks for exists, and so does every line of the timetable."""

import ast

from flask import Flask

from tcma.infra.jobs import registered_jobs
from tests.architecture.sources import ROOT, calls, sources


def enqueued():
    for path, tree in sources():
        for call in calls(tree, "enqueue"):
            if call.args and not path.startswith("tcma/infra/"):
                yield path, call.args[0]


def timetable() -> dict[str, float]:
    for node in ast.parse((ROOT / "tcma/worker.py").read_text()).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "TIMETABLE":
            return ast.literal_eval(node.value)
    raise AssertionError("tcma/worker.py has a TIMETABLE")


def test_every_enqueued_job_exists(app: Flask):
    jobs = registered_jobs()
    asked = list(enqueued())
    assert asked
    for path, name in asked:
        assert isinstance(name, ast.Constant), f"{path}: the name of a job is written out"
        assert name.value in jobs, f"{path}: {name.value}"


def test_the_timetable_names_jobs_that_exist_and_need_no_ids(app: Flask):
    jobs = registered_jobs()
    for name in timetable():
        assert name in jobs, name
        assert not jobs[name].__code__.co_kwonlyargcount, name


def test_jobs_take_whole_numbers_only_and_by_name(app: Flask):
    for name, job in registered_jobs().items():
        code = job.__code__
        assert code.co_argcount == 0, name
        taken = code.co_varnames[: code.co_kwonlyargcount]
        assert all(job.__annotations__[argument] in {int, "int"} for argument in taken), name
