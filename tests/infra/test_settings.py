import pytest

from tcma.settings import Settings, SettingsError

GOOD = {
    "TCMA_SECRET_KEY": "x" * 40,
    "TCMA_DATABASE_URL": "postgresql://u:p@db/tcma",
    "TCMA_REDIS_URL": "redis://cache:6379/0",
    "TCMA_STORAGE_URL": "s3://bucket?endpoint=https://s3.example",
    "TCMA_SMTP_URL": "smtp://mail:587",
    "TCMA_BASE_URL": "https://portal.example/",
}


def test_good_settings_are_read():
    settings = Settings.from_environment(GOOD)
    assert settings.base_url == "https://portal.example"
    assert settings.mail_domain == "portal.example"
    assert settings.sandbox_mail_dir is None


def test_every_missing_name_is_reported_at_once():
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment({})
    assert set(caught.value.problems) == set(GOOD)
    for name in GOOD:
        assert name in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("TCMA_SECRET_KEY", "short", "at least 32"),
        ("TCMA_DATABASE_URL", "mysql://db/x", "postgresql://"),
        ("TCMA_REDIS_URL", "redis://", "names no place"),
        ("TCMA_SMTP_URL", "smtp://host:notaport", "not a URL"),
        ("TCMA_STORAGE_URL", "ftp://files", "file or s3://"),
        ("TCMA_BASE_URL", "portal.example", "http"),
        ("TCMA_LOG_LEVEL", "loud", "debug"),
        ("TCMA_SOCIAL_APPS", "linkedin", "JSON"),
        ("TCMA_SOCIAL_APPS", '{"linkedin": {"client_id": "7"}}', "client_secret"),
        ("TCMA_SMPT_URL", "smtp://typo", "is not a setting"),
    ],
)
def test_a_malformed_setting_says_what_would_work(name, value, sentence):
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment(GOOD | {name: value})
    assert sentence in caught.value.problems[name]


def test_no_secret_is_shown_when_settings_are_printed():
    shown = repr(Settings.from_environment(GOOD))
    assert "x" * 40 not in shown
    assert "u:p" not in shown
