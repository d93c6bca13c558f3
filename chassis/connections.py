"""A service's connections to its database: hung up last, when nobody of the service uses them."""

from typing import Any

from nameko.extensions import Extension
from pymongo import MongoClient

from chassis.mongo import connect
from chassis.settings import Settings


class Connections(Extension):
    """Part of a desk. All dependencies of a service stop at once; what belongs to them, after that.

    So who still notes something while he stops (what a provider has taken) has a database.
    """

    def open(self, settings: Settings) -> "MongoClient[dict[str, Any]]":
        """Connect, with a connection for each command that may be decided at once."""
        self._client = connect(settings.mongo_uri, pool=max(8, settings.ask_workers))
        return self._client

    def stop(self) -> None:
        """Hang up."""
        self._client.close()
