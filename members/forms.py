"""What people type about themselves, their group, and whom they invite."""

from allauth.account.forms import AddEmailForm, RequestLoginCodeForm, ResetPasswordForm, ResetPasswordKeyForm
from allauth.account.internal.flows.email_verification import send_verification_email_to_address
from allauth.account.models import EmailAddress
from allauth.core import context
from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from members import address_proof, names
from members.countries import COUNTRIES
from members.edit_forms import EditForm
from members.models import Group, Member, Membership
from members.preferences import TOPICS
from members.time_zones import zones


class ZoneInput(forms.TextInput):
    """A text field that proposes the world's time zones; typing 'seoul' is enough to find one."""

    template_name = "members/_zone_input.html"

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs) | {"zones": zones()}
        context["widget"]["attrs"]["list"] = f"{name}-zones"
        return context


class ZoneField(forms.CharField):
    widget = ZoneInput
    default_error_messages = {"unknown": _("This place is not in the list. Write it like Asia/Seoul.")}

    def clean(self, value):
        typed = super().clean(value)
        known = {zone.casefold(): zone for zone in zones()}
        if typed and typed.casefold() not in known:
            raise ValidationError(self.error_messages["unknown"], "unknown")
        return known.get(typed.casefold(), typed)


class OneLine(forms.CharField):
    """Words on one line."""

    def to_python(self, value):
        return names.clean(super().to_python(value) or "")


class PlainName(OneLine):
    """The name of a person, a group or a club."""

    default_validators = [names.check_name]


class PlainSentence(OneLine):
    """Words for the group's own papers: a dot may stand in them, as in cs.CV."""

    default_validators = [names.check_seen]


class ProfileForm(EditForm, forms.ModelForm):
    name = PlainName(label=_("Your name, as the group writes it"), max_length=names.LONGEST)
    language = forms.ChoiceField(
        label=_("Language"), choices=settings.LANGUAGES, help_text=_("Pages and notifications.")
    )
    timezone = ZoneField(label=_("Time zone"), help_text=_("Where your clock is: times are shown on it."))

    class Meta:
        model = Member
        fields = ["name", "language", "timezone"]


class NotificationsForm(EditForm):
    topics = forms.MultipleChoiceField(
        label=_("Notifications I want"),
        choices=[*TOPICS.items()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "From all of my groups. Notifications about who presents always come, and so do invitations "
            "and what I ask for myself: a password, a sign-in code."
        ),
    )


class GroupForm(forms.ModelForm):
    name = PlainName(label=_("Name of the group"), max_length=names.LONGEST)
    club = PlainName(
        label=_("Club or school"), max_length=names.LONGEST, required=False, help_text=_("Shown small beside the name.")
    )
    language = forms.ChoiceField(label=_("Language of invitations"), choices=settings.LANGUAGES)
    timezone = ZoneField(label=_("Time zone"), help_text=_("Where you meet."))
    country = forms.ChoiceField(label=_("Public holidays of"), choices=COUNTRIES)

    class Meta:
        model = Group
        fields = ["name", "club", "language", "timezone", "country"]


class SettingsForm(EditForm, GroupForm):
    """What is of use later, too."""

    category = PlainSentence(
        label=_("Kind of activity"), max_length=60, required=False, help_text=_("For the activity sheets of a club.")
    )
    purpose = PlainSentence(
        label=_("Purpose"), max_length=200, required=False, help_text=_("One sentence for the same sheets.")
    )

    class Meta(GroupForm.Meta):
        fields = [*GroupForm.Meta.fields, "category", "purpose"]


class LinkForm(forms.Form):
    """An invitation for whoever has the link."""

    MANY, ONE = "many", "one"

    max_uses = forms.ChoiceField(
        label=_("The link lets in"), choices=[(ONE, _("one person")), (MANY, _("everybody who has it"))], initial=ONE
    )
    days = forms.TypedChoiceField(
        label=_("It works for"),
        coerce=int,
        choices=[(1, _("1 day")), (7, _("7 days")), (14, _("14 days")), (30, _("30 days"))],
        initial=14,
    )
    role = forms.ChoiceField(label=_("They come as"), choices=Membership.ROLES, initial=Membership.MEMBER)

    def clean_max_uses(self):
        return 1 if self.cleaned_data["max_uses"] == self.ONE else None


class MailForm(forms.Form):
    """Invitations by e-mail, pasted as they stand in a chat or a table."""

    addresses = forms.CharField(
        label=_("E-mail addresses"),
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
        max_length=20_000,
        help_text=_("One or many, as they come: “Alice <alice@example.org>, bob@example.org”."),
    )
    language = forms.ChoiceField(label=_("Language of the mail"), choices=settings.LANGUAGES)
    role = forms.ChoiceField(label=_("They come as"), choices=Membership.ROLES, initial=Membership.MEMBER)


class AddressForm(forms.Form):
    """Where the rest of an invitation is mailed to."""

    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
        help_text=_("We mail you a link with which you go on."),
    )

    def clean_email(self):
        return self.cleaned_data["email"].lower()


class JoinForm(AddressForm):
    """The account of somebody who was invited. A mail to the address, with the invitation or after it, fixes the address."""

    field_order = ["name", "email", "password"]
    name = PlainName(
        label=_("Your name, as the group writes it"),
        max_length=names.LONGEST,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
        help_text=_("Members see it. Nobody else does."),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(
            attrs={"autocomplete": "new-password", "minlength": 12, "data-show": _("Show"), "data-hide": _("Hide")}
        ),
        help_text=_("Twelve characters or more; a sentence works well."),
    )

    def __init__(self, data=None, *, invitation, email=""):
        email = invitation.email or email
        super().__init__(data, initial={"email": email, "name": invitation.name})
        self.fields["email"].disabled = bool(email)

    def clean(self):
        known = {key: self.cleaned_data.get(key, "") for key in ("email", "name")}
        if password := self.cleaned_data.get("password"):
            try:
                password_validation.validate_password(password, Member(**known))
            except ValidationError as error:
                self.add_error("password", error)
        return self.cleaned_data


class ChangeAddressForm(AddEmailForm):
    """Another address to sign in with. The one in use stays until the new one is confirmed, proved or not."""

    def save(self, request):
        EmailAddress.objects.filter(user=request.user, verified=False).exclude(email=request.user.email).delete()
        address = EmailAddress.objects.create(user=request.user, email=self.cleaned_data["email"])
        send_verification_email_to_address(request, address)
        return address


class AskForCodeForm(RequestLoginCodeForm):
    """A code goes to the address of an account only, never to one that somebody typed in to change it."""

    def clean_email(self):
        email = super().clean_email()
        self._user = Member.objects.filter(email__iexact=email, is_active=True).first()
        return email


class AskForPasswordForm(ResetPasswordForm):
    """The same for the link by which a new password is chosen."""

    def clean_email(self):
        email = super().clean_email()
        self.users = list(Member.objects.filter(email__iexact=email, is_active=True))
        return email


class NewPasswordForm(ResetPasswordKeyForm):
    """Whoever has the link reads the mail of the account."""

    def save(self):
        with transaction.atomic():
            address_proof.prove(context.request, self.user)
            self.user.refresh_from_db()
            super().save()


class StayForm(forms.Form):
    """In which groups the owner of an account stays that others used before."""

    def __init__(self, data=None, *, places):
        super().__init__(data, initial={"stay": [place.pk for place in places]})
        self.fields["stay"] = forms.TypedMultipleChoiceField(
            label=_("I stay in"),
            choices=[(place.pk, str(place.group)) for place in places],
            coerce=int,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
