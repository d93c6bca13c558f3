"""Two services that die of a bug as soon as they run; neither needs a broker."""

from nameko.extensions import Entrypoint


class Falling(Entrypoint):
    """Its green thread dies at once."""

    def start(self) -> None:
        self.container.spawn_managed_thread(self.fall)

    def fall(self) -> None:
        raise ZeroDivisionError("a bug")


class Doomed:
    name = "doomed"

    @Falling.decorator
    def run(self) -> None:
        """Never called."""


class DoomedToo(Doomed):
    name = "doomed_too"
