"""python3 manage.py found: the first group and its organizer, asked for in the terminal."""

import getpass

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from members.founding import found_group
from members.models import Group, Member
from members.names import check_name


class Command(BaseCommand):
    help = "Asks for a group's name and its first organizer, and makes both."

    def add_arguments(self, parser):
        parser.add_argument("--if-none", action="store_true", help="do nothing where a group is already")

    def handle(self, *, if_none, **options):
        if if_none and Group.objects.exists():
            return
        try:
            answers = self._ask_all()
        except (EOFError, KeyboardInterrupt) as stop:
            raise CommandError("Nothing was made. Run it again when you are ready.") from stop
        group = found_group(**answers)
        address = f"{settings.SITE_URL}{group.get_absolute_url()}"
        self.stdout.write(f"{group} is ready. Sign in as {answers['email']} at {address}")

    def _ask_all(self):
        self.stdout.write("A new study group. Its first organizer is you.")
        email = self._ask("Your e-mail", check=_free_address).lower()
        return {
            "email": email,
            "person_name": self._ask("Your name, as the group writes it", check=check_name),
            "name": self._ask("Name of the group", check=check_name),
            "language": self._ask("Language, ko or en", default="ko", check=_known_language),
            "timezone": settings.DEFAULT_MEMBER_TIME_ZONE,
            "password": self._ask_password(email),
        }

    def _ask(self, question, *, default="", check=None):
        while True:
            answer = input(f"{question}{f' [{default}]' if default else ''}: ").strip() or default
            try:
                if not answer:
                    raise ValidationError("Please type something.")
                if check:
                    check(answer)
                return answer
            except ValidationError as error:
                self.stderr.write(" ".join(error.messages))

    def _ask_password(self, email):
        while True:
            password = getpass.getpass("A password of twelve characters or more: ")
            try:
                validate_password(password, Member(email=email))
            except ValidationError as error:
                self.stderr.write(" ".join(error.messages))
                continue
            if password == getpass.getpass("The same once more: "):
                return password
            self.stderr.write("The two were not the same.")


def _free_address(email):
    validate_email(email)
    if Member.objects.filter(email__iexact=email).exists():
        raise ValidationError("This address has an account already.")


def _known_language(code):
    if code not in dict(settings.LANGUAGES):
        raise ValidationError("Please type ko or en.")
