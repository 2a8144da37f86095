from django.core.management.base import BaseCommand

from studygroup.translations import compile_catalogues


class Command(BaseCommand):
    help = "Compiles the translations; `up`, `test` and the image do it by themselves."
    requires_system_checks = []

    def handle(self, **options):
        for path in compile_catalogues():
            self.stdout.write(f"compiled {path.parent.parent.name}")
