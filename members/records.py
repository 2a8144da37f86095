"""What is kept about addresses that a mail server refused."""

from django.db import models


class Refusal(models.Model):
    """The last refusal of mail to one address, kept until mail to it is taken."""

    email = models.EmailField(unique=True)
    # without what names this address: the same text for others means that the server refuses whatever we send
    answer = models.CharField(max_length=300)
    at = models.DateTimeField()
    # the server took mail for others afterwards: it was not refusing everybody
    outlasted = models.BooleanField(default=False)

    def __str__(self):
        return self.email
