"""What gunicorn is told by --config: it is read in its first process, which has the environment and never loads the app."""

from gunicorn.glogging import Logger

from members.sandbox import lockdown
from studygroup.logs import WithoutSecrets

lockdown.hide()


class LoggerWithoutSecrets(Logger):
    """Take keys out of gunicorn's own log and of its access log, which names the page that a request came from, too."""

    def _set_handler(self, log, output, fmt, stream=None):
        super()._set_handler(log, output, WithoutSecrets(fmt._fmt, fmt.datefmt), stream)


logger_class = LoggerWithoutSecrets
