"""What can go wrong while an engine starts; each message says what the person at the terminal can do."""


class EngineError(RuntimeError):
    """An embedded engine could not be started."""


class EnginePlace(EngineError):
    """The folder is not one the engine can live in."""


class EngineBusy(EngineError):
    """Another program is using the folder right now."""


class EngineFailed(EngineError):
    """The engine started and ended again, or never became ready."""
