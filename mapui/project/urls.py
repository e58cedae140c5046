"""The addresses of the site."""

from __future__ import annotations

from allauth.account.decorators import secure_admin_login
from allauth.account.views import account_inactive, login, logout, password_change
from django.contrib import admin
from django.urls import include, path
from django.views.i18n import set_language

from mapui.health import healthz
from mapui.pages.language import javascript_catalog
from mapui.pages.views import home

# The administration is entered by the same door as everything else, with its rate limits.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", home, name="home"),
    path("wall/", include("mapui.wall.urls")),
    path("phone/", include("mapui.phone.urls")),
    path("office/", include("mapui.office.urls")),
    path("planner/", include("mapui.planner.urls")),
    path("tiles/", include("mapui.tiles.urls")),
    path("api/", include("mapui.api.urls")),
    path("media/", include("mapui.media.urls")),
    path("report/", include("mapui.residents.urls")),
    path("rate/", include("mapui.callback.urls")),
    path("notice/", include("mapui.planner.notice.public_urls")),
    path("healthz", healthz, name="healthz"),
    path("accounts/login/", login, name="account_login"),
    path("accounts/logout/", logout, name="account_logout"),
    path("accounts/inactive/", account_inactive, name="account_inactive"),
    path("accounts/password/", password_change, name="account_change_password"),
    path("language/", set_language, name="set_language"),
    path("jsi18n/<str:language>/", javascript_catalog, name="javascript_catalog"),
    path("admin/", admin.site.urls),
]

handler400 = "mapui.pages.errors.bad_request"
handler403 = "mapui.pages.errors.permission_denied"
handler404 = "mapui.pages.errors.page_not_found"
handler429 = "mapui.pages.errors.too_many_requests"
handler500 = "mapui.pages.errors.server_error"
