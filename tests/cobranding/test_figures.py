"""How well the memories of the engine serve, as Prometheus reads it: of the web, and of workers that leave theirs."""

import json
import subprocess
import sys

from prometheus_client.parser import text_string_to_metric_families

from cobranding.rendering import cache as memories
from cobranding.rendering import engine
from tcma.infra import cache, figures
from tests.factories import cobranding as factory


def samples(app):
    text = app.test_client().get("/metrics").text
    return {
        (sample.name, sample.labels["process"], sample.labels["memory"]): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if "memory" in sample.labels
    }


def test_a_second_render_of_a_template_is_a_hit_in_the_metrics(app, world) -> None:
    engine.forget()
    inputs = factory.inputs()
    engine.render(inputs, "a4")
    here = figures.process()
    before = samples(app)
    engine.render(inputs, "a4")
    after = samples(app)
    hits, kept = ("tcma_memory_hits_total", here, "compiled_pdfs"), ("tcma_memory_kept", here, "compiled_pdfs")
    assert after[hits] == before[hits] + 1
    assert after[kept] == 1


def test_every_memory_of_the_engine_has_a_name_of_its_own() -> None:
    named = set(memories.figures())
    assert {"documents", "compiled_pdfs", "compiled_images", "pictures_decoded", "pictures_encoded"} <= named
    assert {"screen_words", "layout_codes", "mails", "font_hashes", "typography_faces"} <= named


def test_what_a_worker_left_is_shown_beside_our_own(app, world) -> None:
    left = {"typography_faces": {"kept": 3, "hits": 70, "misses": 3}}
    cache.keep("figures:worker-host:77", json.dumps(left), lasts_s=60)
    shown = samples(app)
    assert shown["tcma_memory_hits_total", "worker-host:77", "typography_faces"] == 70
    assert ("tcma_memory_kept", figures.process(), "typography_faces") in shown


def test_another_process_leaves_its_figures(world, redis_url) -> None:
    script = (
        "import sys; from tcma.infra import cache, figures; cache.configure(sys.argv[1]);"
        "figures.configure(lambda: {'documents': {'kept': 1, 'hits': 2, 'misses': 3}});"
        "figures.leave(); figures.leave()"
    )
    subprocess.run([sys.executable, "-c", script, redis_url], check=True)
    (found,) = figures.left().values()
    assert found == {"documents": {"kept": 1, "hits": 2, "misses": 3}}
