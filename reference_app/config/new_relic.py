"""Reports errors and times to New Relic, where NEW_RELIC_LICENSE_KEY is set."""


def start() -> None:
    """Measure every request and task from now on, and report the errors that nobody handles.

    The agent reads the other NEW_RELIC_* variables from the environment by itself. It is imported
    here, because its import alone changes how modules are loaded.
    """
    from newrelic import agent

    agent.initialize()
    # Behind `initialize`: no variable and no file of the agent's own can undo these.
    settings = agent.global_settings()
    settings.attributes.include = set()
    settings.attributes.exclude = {"request.headers.*", "request.parameters.*"}
    # What an exception says stands in the log, where secrets are taken out of it.
    settings.strip_exception_messages.enabled = True
    settings.strip_exception_messages.allowlist = []
    # Lines would be sent as the code wrote them, before a formatter has taken secrets out.
    settings.application_logging.forwarding.enabled = False
    # A task that asks for another try has handled its error.
    settings.error_collector.ignore_classes = ["celery.exceptions:Retry"]
    settings.transaction_tracer.record_sql = "obfuscated"
    # A script inside of a page, which the Content-Security-Policy forbids.
    settings.browser_monitoring.enabled = False
