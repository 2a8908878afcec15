"""Every verb that writes asks whether the actor may; every question starts from what the actor may see."""

import ast

from tests.architecture.sources import called, calls, sources

# Verbs that write without asking for a permission, and why that is right.
NEEDS_NO_PERMISSION = {
    "campaigns/launches/service/advancing.py:advance_locked": "a step of verbs that have authorized",
    "campaigns/launches/service/advancing.py:complete_if_done": "a step of verbs that have authorized",
    "mdf/claims/service/void.py:void_approval": "a step of verbs that have authorized",
}


def verbs():
    for path, tree in sources():
        parts = path.split("/")
        if parts[-1] != "service.py" and "service" not in parts[:-1]:
            continue
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                yield f"{path}:{node.name}", node, tree


def authorizes(node: ast.AST, tree: ast.Module) -> bool:
    """Tell whether a verb asks, itself or in a private step of its own file."""
    steps = {step.name: step for step in tree.body if isinstance(step, ast.FunctionDef) and step.name.startswith("_")}
    names = {called(call) for call in ast.walk(node) if isinstance(call, ast.Call)}
    return "authorize" in names or any(authorizes(steps[name], tree) for name in names & set(steps))


def test_every_verb_that_writes_authorizes():
    careless = {name for name, node, tree in verbs() if any(calls(node, "record")) and not authorizes(node, tree)}
    assert careless == set(NEEDS_NO_PERMISSION)


def test_every_verb_takes_the_actor_first():
    wrong = []
    for name, node, _ in verbs():
        arguments = [argument.arg for argument in node.args.args]
        if "actor" in arguments and arguments[0] != "actor":
            wrong.append(name)
    assert wrong == []


def test_everything_after_the_id_is_named_at_the_call():
    wrong = []
    for name, node, _ in verbs():
        if any(calls(node, "authorize")) and len(node.args.args) > 3:
            wrong.append(name)
    assert wrong == []


def test_no_service_or_question_knows_http():
    for path, tree in sources():
        if path.endswith(("service.py", "queries.py", "rules.py", "model.py", "errors.py")):
            for node in ast.walk(tree):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
                    assert not [name for name in names if name.split(".")[0] in {"flask", "werkzeug", "marshmallow"}], (
                        path
                    )


def test_every_question_about_a_partners_rows_starts_from_what_the_actor_may_see():
    nouns = [
        (path, tree)
        for path, tree in sources("**/queries.py")
        if path.startswith(("assets", "cobranding", "campaigns", "mdf"))
    ]
    assert nouns
    for path, tree in nouns:
        names = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        assert {name for name in names if name.endswith("visible_to")}, path
