"""What the product writes is for its own account alone, whatever the machine would let others read."""

import os
import re
import stat
import subprocess
import sys

import pytest
import requests

from tests.servers import free_port
from tests.stack import clean_environment, wait_until
from tests.test_up import up
from tests.translatable import ROOT

pytestmark = pytest.mark.servers


@pytest.fixture
def loose():
    """A machine on which new files are readable for everybody, as most are."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def ask_for_a_password(url):
    """A mail is written: to a file, where no mail server is named."""
    browser = requests.Session()
    page = browser.get(f"{url}/accounts/password/reset/").text
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page).group(1)
    answer = browser.post(f"{url}/accounts/password/reset/", {"csrfmiddlewaretoken": token, "email": "a@example.org"})
    return answer.status_code


def test_database_files_mail_messages_key_and_backup_are_for_their_account_alone(tmp_path, loose):
    port = free_port()
    with up(tmp_path, "--port", str(port)) as process:
        url = f"http://localhost:{port}"
        wait_until(lambda: requests.get(f"{url}/health/", timeout=2).ok)
        assert ask_for_a_password(url) == 200
        wait_until(lambda: list(tmp_path.glob("media/*/*.webp")))  # the worker has drawn a cover
        wait_until(lambda: list(tmp_path.glob("mail/*")) and list(tmp_path.glob("beat*")))
        environment = clean_environment(DATA_DIR=str(tmp_path))
        backup = [sys.executable, "manage.py", "backup", str(tmp_path / "backup.zip")]
        subprocess.run(backup, cwd=ROOT, env=environment, check=True, capture_output=True)
        modes = {str(path.relative_to(tmp_path)): path.stat().st_mode for path in tmp_path.rglob("*")}
        process.terminate()
        process.communicate()
    open_to_others = {name: oct(stat.S_IMODE(mode)) for name, mode in modes.items() if mode & 0o077}
    assert open_to_others == {}
    assert {"secret_key", "backup.zip"} <= modes.keys()
    assert [name for name in modes if "sqlite" in name and name.endswith("3")] != []
