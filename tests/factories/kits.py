"""Published templates and kits for tests; call inside `with transaction(actor)` of somebody in brand marketing."""

import itertools
from typing import Any

from campaigns.kits import service
from campaigns.kits.service import KitVersionView
from cobranding.templates import service as templates
from tcma.kernel.actor import Actor

_numbers = itertools.count(1)

MJML = """<mjml><mj-body><mj-section><mj-column>
<mj-text>{{text.headline}}</mj-text><mj-text>{{text.body}}</mj-text><mj-text>{{greeting}}</mj-text>
<mj-button href="{{link.main}}">{{text.button}}</mj-button>
<mj-text>{{brand.postal_address}} <a href="{{unsubscribe_url}}">Unsubscribe</a></mj-text>
</mj-column></mj-section></mj-body></mjml>"""


def email_document() -> dict[str, Any]:
    return {
        "schema": 1,
        "kind": "email",
        "locale": "en",
        "brand": {"colors": {"ink": "#111111"}, "styles": {}},
        "variables": {
            "greeting": {
                "type": "text",
                "label": "Greeting",
                "max_length": 80,
                "default": "See you soon",
                "editable": True,
            }
        },
        "email": {
            "mjml": MJML,
            "subject": "News",
            "texts": {"headline": "News", "body": "…", "button": "Read more"},
        },
    }


def email_template(actor: Actor) -> int:
    draft = templates.create(actor, name=f"E-mail {next(_numbers)}", document=email_document())
    return templates.publish(actor, draft.id).id


def email_touch(template_version_id: int, **fields: Any) -> dict[str, Any]:
    return {
        "key": "intro",
        "channel": "email",
        "template_version_id": template_version_id,
        "day_offset": 0,
        "local_time": "09:00",
        "texts": {
            "en": {
                "subject": "{{contact.first_name}}, news from {{partner.trade_name}}",
                "headline": "News",
                "body": "Dear {{contact.first_name}}",
                "button": "Read more",
            },
            "de": {
                "subject": "{{contact.first_name}}, Neues von {{partner.trade_name}}",
                "headline": "Neues",
                "body": "Guten Tag {{contact.first_name}}",
                "button": "Weiterlesen",
            },
        },
        "link_url": "https://brand.example/offer",
        **fields,
    }


def share_touch(**fields: Any) -> dict[str, Any]:
    return {
        "key": "post",
        "channel": "share",
        "day_offset": 0,
        "local_time": "09:00",
        "texts": {"en": {"message": "Ask {{partner.trade_name}} in {{partner.city}}: {{link}}"}},
        "link_url": "https://brand.example/offer",
        **fields,
    }


def draft_kit(actor: Actor, *touches: dict[str, Any], **fields: Any) -> int:
    touches = touches or (email_touch(email_template(actor)), share_touch())
    document = {"default_locale": "en", "touches": list(touches)}
    kit = service.create(actor, name=f"Kit {next(_numbers)}", document=document, **fields)
    assert kit.draft_version_id is not None
    return kit.draft_version_id


def published_kit(actor: Actor, *touches: dict[str, Any], **fields: Any) -> KitVersionView:
    return service.publish(actor, draft_kit(actor, *touches, **fields))
