from django.urls import path

from members.views import account, groups, invitations, joining, owners, people, preferences, sign_in

app_name = "members"
urlpatterns = [
    path("", groups.start, name="start"),
    path("invitations/stop/<str:token>/", invitations.stop_invitations, name="stop_invitations"),
    path("join/<str:token>/", joining.join, name="join"),
    path("join/<str:token>/sign-up/", joining.sign_up, name="sign_up"),
    path("join/<str:token>/mailed/", joining.join_mailed, name="join_mailed"),
    path("join/<str:token>/as/<str:proof>/", joining.join_as, name="join_as"),
    path("accounts/login/code/confirm/", owners.ConfirmCodeView.as_view(), name="confirm_code"),
    path("look-around/", sign_in.look_around, name="look_around"),
    path("language/", sign_in.language, name="language"),
    path("theme/", sign_in.theme, name="theme"),
    path("me/", people.me, name="me"),
    path("me/activity/", account.my_activity, name="my_activity"),
    path("me/code/", account.prove_by_code, name="prove_by_code"),
    path("address/undo/<str:token>/", account.undo_address, name="undo_address"),
    path("me/groups/", owners.review_groups, name="review_groups"),
    path("me/notifications/", preferences.choose, name="choose_notifications"),
    path("notifications/stop/<str:token>/", preferences.stop_notifications, name="stop_notifications"),
    path(
        "letters/stop/<str:token>/", preferences.stop_notifications, name="stop_letters"
    ),  # in mail of earlier versions: one click follows no redirect
    path("g/<slug:slug>/members/<int:pk>/address/again/", preferences.address_again, name="address_again"),
    path("groups/new/", groups.new_group, name="new_group"),
    path("g/<slug:slug>/settings/", groups.group_settings, name="group_settings"),
    path("g/<slug:slug>/activity/", account.group_activity, name="group_activity"),
    path("g/<slug:slug>/members/", people.members, name="members"),
    path("g/<slug:slug>/members/<int:pk>/<str:verb>/", people.change, name="change"),
    path("g/<slug:slug>/invitations/", invitations.of_the_group, name="invitations"),
    path("g/<slug:slug>/invitations/link/", invitations.make_link, name="make_link"),
    path("g/<slug:slug>/invitations/mail/", invitations.send_mails, name="send_mails"),
    path("g/<slug:slug>/invitations/<int:pk>/revoke/", invitations.revoke, name="revoke"),
    path("g/<slug:slug>/invitations/<int:pk>/send/", invitations.send_again, name="send_again"),
]
