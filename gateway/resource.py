"""The base of all resources: they hold the front and nothing else."""

from gateway.front import Front


class Resource:
    """What a path stands for; responders are class attributes made by `asks`, `lists`, `shows`."""

    def __init__(self, front: Front) -> None:
        self.front = front
