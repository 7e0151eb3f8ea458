"""What the person at the terminal reads."""


class SupervisorError(Exception):
    """One sentence for the person at the terminal."""


def say(text: str) -> None:
    print(text, flush=True)
