"""Settings come from the environment once, and fail loudly."""

import pytest

from chassis.settings import Settings, SettingsError

NEEDED = {"REGION": "kediri-raya", "AMQP_URI": "amqp://x", "MONGO_URI": "mongodb://x"}


def test_three_settings_are_enough():
    settings = Settings.from_environment(NEEDED)

    assert (settings.region, settings.amqp_uri, settings.mongo_uri) == tuple(NEEDED.values())
    assert settings.timezone == "Asia/Jakarta"
    assert settings.retry_ladder_seconds == (1.0, 5.0, 30.0, 120.0, 600.0)


def test_everything_missing_is_named_at_once():
    with pytest.raises(
        SettingsError, match="^REGION is not set; AMQP_URI is not set; MONGO_URI is not set$"
    ):
        Settings.from_environment({"REGION": ""})


def test_values_are_read_as_what_they_are():
    settings = Settings.from_environment(
        {
            **NEEDED,
            "HEALTH_PORT": "8090",
            "ASK_DEADLINE_SECONDS": "2.5",
            "RETRY_LADDER_SECONDS": "0.1, 0.2",
            "CORS_ORIGINS": "https://a.example, https://b.example,",
            "MAIL_FROM": "",
        }
    )

    assert settings.health_port == 8090
    assert settings.ask_deadline_seconds == 2.5
    assert settings.retry_ladder_seconds == (0.1, 0.2)
    assert settings.cors_origins == ("https://a.example", "https://b.example")
    assert settings.mail_from == "jejaring@localhost", "empty means not set"


@pytest.mark.parametrize(
    ("name", "raw", "message"),
    [
        ("HEALTH_PORT", "http", "HEALTH_PORT is not a whole number"),
        ("HEALTH_PORT", "80.5", "HEALTH_PORT is not a whole number"),
        ("HEALTH_PORT", "-1", "HEALTH_PORT is not a whole number"),
        ("ASK_DEADLINE_SECONDS", "soon", "ASK_DEADLINE_SECONDS is not a number"),
        ("ASK_DEADLINE_SECONDS", "nan", "ASK_DEADLINE_SECONDS is not a number"),
        ("ASK_DEADLINE_SECONDS", "inf", "ASK_DEADLINE_SECONDS is not a number"),
        ("RETRY_LADDER_SECONDS", "1,five", "RETRY_LADDER_SECONDS is not a list of numbers"),
        ("RETRY_LADDER_SECONDS", "1,-5", "RETRY_LADDER_SECONDS is not a list of numbers"),
        ("REGION", "kediri.raya", "REGION is not a name of small letters, digits and hyphens"),
        ("TRUSTED_PROXIES", "10.0.0.1/8", "TRUSTED_PROXIES: 10.0.0.1/8 has host bits set"),
        ("REGION", "*", "REGION is not a name of small letters, digits and hyphens"),
    ],
)
def test_what_cannot_be_read_is_named(name, raw, message):
    with pytest.raises(SettingsError, match=f"^{message}$"):
        Settings.from_environment({**NEEDED, name: raw})


def test_settings_do_not_change():
    with pytest.raises(AttributeError):
        Settings.from_environment(NEEDED).region = "semarang"
