"""Every address of the site: what anonymous is answered there, and who is let in (`test_rights`)."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from gis_grids.levels import PostKind
from gis_grids.permissions import CENTRE
from households.permissions import VISITORS

SOME_ID = UUID(int=1)  # of nothing
LOG_IN = HTTPStatus.FOUND
FORBIDDEN = HTTPStatus.FORBIDDEN
UNAUTHORIZED = HTTPStatus.UNAUTHORIZED
OK = HTTPStatus.OK
NOT_THERE = HTTPStatus.NOT_FOUND
METHOD = HTTPStatus.METHOD_NOT_ALLOWED  # written by PUT or POST only, tested with the interface
TILE = "tiles/<layer:layer>/<tile_number:version>/<tile_number:z>/<tile_number:x>/<tile_number:y>.mvt"

UNITS_TILE = TILE.replace("<layer:layer>", "units/<level:level>")
UNITS_TILE_OF_DAY = UNITS_TILE.replace("<tile_number:version>", "<day:day>")

NOBODY = "no post"
EVERYBODY = frozenset({NOBODY, *PostKind})
HOLDERS = frozenset(PostKind) - {PostKind.AUDITOR}
SCREENS = frozenset(
    {
        PostKind.GRID_LEADER,
        PostKind.AREA_HEAD,
        PostKind.COMMAND_OPERATOR,
        PostKind.PLANNER,
        PostKind.OFFICE_CLERK,
    }
)
OFFICES = frozenset({PostKind.OFFICE_CLERK})
HANGERS = HOLDERS - {PostKind.COMMAND_OPERATOR, PostKind.PLANNER, PostKind.AUDITOR}
KEEPERS = frozenset({PostKind.COMMAND_OPERATOR, PostKind.PLANNER, PostKind.OFFICE_CLERK})

# pattern → (an address of it, what anonymous is answered, who is let in)
TABLE = {
    "": ("/", LOG_IN, EVERYBODY),
    "wall/": ("/wall/", LOG_IN, SCREENS),
    # Base maps of others are switched off (404).
    "wall/raster/<slug:name>/<int:z>/<int:x>/<int:y>": ("/wall/raster/osm/0/0/0", LOG_IN, SCREENS),
    # As with cases: one that isn't over his units is not there for him (404).
    "wall/emergencies/<int:emergency_id>/": ("/wall/emergencies/1/", LOG_IN, SCREENS),
    "wall/emergencies/<int:emergency_id>/households/": ("/wall/emergencies/1/households/", LOG_IN, SCREENS),
    # The phone's shell knows nobody; who holds it is asked over the interface.
    "phone/": ("/phone/", OK, EVERYBODY),
    # A board that isn't below his posts is not there for him (404).
    "phone/boards/": ("/phone/boards/", LOG_IN, HANGERS),
    "phone/boards/<int:board_id>/": ("/phone/boards/1/", LOG_IN, HANGERS),
    "phone/sw.js": ("/phone/sw.js", OK, EVERYBODY),
    "phone/shell/<str:language>/": ("/phone/shell/en/", OK, EVERYBODY),
    "phone/shell/<str:language>/manifest.webmanifest": (
        "/phone/shell/en/manifest.webmanifest",
        OK,
        EVERYBODY,
    ),
    "api/phone/profile": ("/api/phone/profile", UNAUTHORIZED, HOLDERS),
    "api/phone/log-out": ("/api/phone/log-out", METHOD, EVERYBODY),
    "office/": ("/office/", LOG_IN, SCREENS),
    "office/unsettled/": ("/office/unsettled/", LOG_IN, SCREENS),
    "planner/": ("/planner/", LOG_IN, KEEPERS),
    "planner/<int:plan_id>/": ("/planner/1/", LOG_IN, KEEPERS),
    "planner/asof/": ("/planner/asof/", LOG_IN, KEEPERS),
    "planner/<int:plan_id>/steps/": ("/planner/1/steps/", LOG_IN, KEEPERS),
    "planner/<int:plan_id>/report/": ("/planner/1/report/", LOG_IN, KEEPERS),
    "planner/<int:plan_id>/report/report.xlsx": ("/planner/1/report/report.xlsx", LOG_IN, KEEPERS),
    "planner/<int:plan_id>/report/dossier.html": ("/planner/1/report/dossier.html", LOG_IN, KEEPERS),
    "planner/<int:plan_id>/report/households/": ("/planner/1/report/households/", LOG_IN, KEEPERS),
    "planner/<int:plan_id>/report/households.csv": ("/planner/1/report/households.csv", LOG_IN, KEEPERS),
    "planner/<int:plan_id>/problems/households/": ("/planner/1/problems/households/", LOG_IN, KEEPERS),
    "planner/<int:plan_id>/notice/": ("/planner/1/notice/", LOG_IN, KEEPERS),
    "planner/<int:plan_id>/notice/print/": ("/planner/1/notice/print/", LOG_IN, KEEPERS),
    # Whoever has the signed link; to anybody else it isn't there.
    "notice/<str:token>/": ("/notice/1/", NOT_THERE, EVERYBODY),
    "office/cases/": ("/office/cases/", LOG_IN, SCREENS),
    "office/cases/views/": ("/office/cases/views/", LOG_IN, SCREENS),
    "office/cases/export/<slug:kind>/": ("/office/cases/export/csv/", LOG_IN, SCREENS),
    # As with the interface: one that isn't his is not there for him (404).
    "office/cases/<slug:number>/": ("/office/cases/1/", LOG_IN, SCREENS),
    "office/cases/<slug:number>/contact/": ("/office/cases/1/contact/", LOG_IN, SCREENS),
    # Who reads the records of access reads nothing else; a household of others is not there (404).
    "office/access/": ("/office/access/", LOG_IN, frozenset({PostKind.AUDITOR})),
    "office/access/export/<slug:kind>/": (
        "/office/access/export/csv/",
        LOG_IN,
        frozenset({PostKind.AUDITOR}),
    ),
    "office/exports/": ("/office/exports/", LOG_IN, SCREENS),
    "office/retention/": ("/office/retention/", LOG_IN, SCREENS),
    "office/households/<int:household_id>/reveal/": (
        "/office/households/1/reveal/",
        LOG_IN,
        VISITORS | CENTRE,
    ),
    "office/residents/<int:resident_id>/data/": ("/office/residents/1/data/", LOG_IN, SCREENS),
    "office/announcements/": ("/office/announcements/", LOG_IN, SCREENS),
    # As with cases: one that he couldn't have sent is not there for him (404).
    "office/announcements/<int:announcement_id>/": ("/office/announcements/1/", LOG_IN, SCREENS),
    "office/announcements/<int:announcement_id>/end/": ("/office/announcements/1/end/", LOG_IN, SCREENS),
    "office/households/": ("/office/households/", LOG_IN, SCREENS),
    "office/households/new/": ("/office/households/new/", LOG_IN, OFFICES),
    "office/households/needs/": ("/office/households/needs/", LOG_IN, OFFICES),
    # One that isn't below his posts is not there for him (404).
    "office/households/<int:household_id>/": ("/office/households/1/", LOG_IN, SCREENS),
    "office/households/<int:household_id>/<slug:deed>/": ("/office/households/1/end/", LOG_IN, SCREENS),
    "office/households/<int:household_id>/<slug:deed>/<int:about>/": (
        "/office/households/1/head/1/",
        LOG_IN,
        SCREENS,
    ),
    # The party register is for offices alone; what is none of theirs is not there for them (404).
    "office/party/": ("/office/party/", LOG_IN, OFFICES),
    "office/party/gaps/": ("/office/party/gaps/", LOG_IN, OFFICES),
    "office/party/members/": ("/office/party/members/", LOG_IN, OFFICES),
    "office/party/members/find/": ("/office/party/members/find/", LOG_IN, OFFICES),
    "office/party/members/new/<int:resident_id>/": ("/office/party/members/new/1/", LOG_IN, OFFICES),
    "office/party/members/<int:member_id>/": ("/office/party/members/1/", LOG_IN, OFFICES),
    "office/party/members/<int:member_id>/contacts/": ("/office/party/members/1/contacts/", LOG_IN, OFFICES),
    "office/party/members/<int:member_id>/<slug:deed>/": (
        "/office/party/members/1/appoint/",
        LOG_IN,
        OFFICES,
    ),
    "office/party/approvals/": ("/office/party/approvals/", LOG_IN, OFFICES),
    "office/party/contacts/<int:link_id>/": ("/office/party/contacts/1/", LOG_IN, OFFICES),
    "office/party/contacts/<int:link_id>/end/": ("/office/party/contacts/1/end/", LOG_IN, OFFICES),
    "office/party/hubs/": ("/office/party/hubs/", LOG_IN, OFFICES),
    "office/party/hubs/<int:hub_id>/": ("/office/party/hubs/1/", LOG_IN, OFFICES),
    "office/party/hubs/<int:hub_id>/end/": ("/office/party/hubs/1/end/", LOG_IN, OFFICES),
    "office/party/new/": ("/office/party/new/", LOG_IN, OFFICES),
    "office/party/<int:organisation_id>/": ("/office/party/1/", LOG_IN, OFFICES),
    "office/party/<int:organisation_id>/edit/": ("/office/party/1/edit/", LOG_IN, OFFICES),
    "office/party/<int:organisation_id>/<slug:deed>/": ("/office/party/1/end/", LOG_IN, OFFICES),
    "office/party/<int:organisation_id>/roles/<int:role_id>/end/": (
        "/office/party/1/roles/1/end/",
        LOG_IN,
        OFFICES,
    ),
    "office/party/<int:organisation_id>/joint/<int:joint_member_id>/end/": (
        "/office/party/1/joint/1/end/",
        LOG_IN,
        OFFICES,
    ),
    "office/party/<int:organisation_id>/duties/<int:duty_id>/done/": (
        "/office/party/1/duties/1/done/",
        LOG_IN,
        OFFICES,
    ),
    # The register is kept by an office, by no other screen.
    "office/imports/": ("/office/imports/", LOG_IN, OFFICES),
    "office/imports/templates/<slug:kind>.xlsx": (
        "/office/imports/templates/households.xlsx",
        LOG_IN,
        OFFICES,
    ),
    "office/imports/<int:run_id>/": ("/office/imports/1/", LOG_IN, OFFICES),
    "office/imports/<int:run_id>/rows.xlsx": ("/office/imports/1/rows.xlsx", LOG_IN, OFFICES),
    "office/imports/<int:run_id>/<slug:deed>/": ("/office/imports/1/cancel/", LOG_IN, OFFICES),
    "office/queue/": ("/office/queue/", LOG_IN, SCREENS),
    "office/statistics/": ("/office/statistics/", LOG_IN, SCREENS),
    # As with cases: a report of units that aren't his is not there for him (404).
    "office/reports/": ("/office/reports/", LOG_IN, SCREENS),
    "office/reports/<int:report_id>/": ("/office/reports/1/", LOG_IN, SCREENS),
    "office/reports/<int:report_id>/maps/": ("/office/reports/1/maps/", LOG_IN, SCREENS),
    "office/reports/<int:report_id>/report.<slug:kind>": ("/office/reports/1/report.pdf", LOG_IN, SCREENS),
    "office/late/": ("/office/late/", LOG_IN, SCREENS),
    "office/errands/new/": ("/office/errands/new/", LOG_IN, SCREENS),
    "office/duty/": ("/office/duty/", LOG_IN, SCREENS),
    "office/duty/new/": ("/office/duty/new/", LOG_IN, SCREENS),
    "office/duty/calendar/": ("/office/duty/calendar/", LOG_IN, SCREENS),
    "office/duty/<int:roster_id>/": ("/office/duty/1/", LOG_IN, SCREENS),
    "office/duty/<int:roster_id>/edit/": ("/office/duty/1/edit/", LOG_IN, SCREENS),
    "office/duty/<int:roster_id>/<slug:deed>/": ("/office/duty/1/publish/", LOG_IN, SCREENS),
    "office/emergencies/": ("/office/emergencies/", LOG_IN, SCREENS),
    "office/emergencies/<int:emergency_id>/end/": ("/office/emergencies/1/end/", LOG_IN, SCREENS),
    "office/catalogue/": ("/office/catalogue/", LOG_IN, SCREENS),
    # The catalogue is kept by who has such a post for a district, as all have here.
    "office/catalogue/file/": ("/office/catalogue/file/", LOG_IN, KEEPERS),
    "office/catalogue/<slug:kind>.xlsx": ("/office/catalogue/full.xlsx", LOG_IN, SCREENS),
    "office/catalogue/new/": ("/office/catalogue/new/", LOG_IN, SCREENS),
    "office/catalogue/matters/<slug:code>/": ("/office/catalogue/matters/noise/", LOG_IN, SCREENS),
    "office/catalogue/matters/<slug:code>/<slug:deed>/": ("/office/catalogue/matters/x/y/", LOG_IN, SCREENS),
    "office/routes/": ("/office/routes/", LOG_IN, SCREENS),
    "office/routes/<int:rule_id>/": ("/office/routes/1/", LOG_IN, SCREENS),
    "office/routes/<int:rule_id>/delete/": ("/office/routes/1/delete/", LOG_IN, SCREENS),
    "office/negative-list/": ("/office/negative-list/", LOG_IN, SCREENS),
    "office/negative-list/<int:item_id>/": ("/office/negative-list/1/", LOG_IN, SCREENS),
    "office/negative-list/<int:item_id>/withdraw/": ("/office/negative-list/1/withdraw/", LOG_IN, SCREENS),
    "office/templates/": ("/office/templates/", LOG_IN, SCREENS),
    "office/templates/<int:template_id>/": ("/office/templates/1/", LOG_IN, SCREENS),
    "office/templates/<int:template_id>/delete/": ("/office/templates/1/delete/", LOG_IN, SCREENS),
    "office/grants/": ("/office/grants/", LOG_IN, SCREENS),
    "office/grants/<int:grant_id>/end/": ("/office/grants/1/end/", LOG_IN, SCREENS),
    # As with cases: a post in a unit that isn't his is not there for him (404).
    "office/posts/": ("/office/posts/", LOG_IN, SCREENS),
    "office/posts/gaps/": ("/office/posts/gaps/", LOG_IN, SCREENS),
    "office/posts/units/<slug:code>/": ("/office/posts/units/9901/", LOG_IN, SCREENS),
    "office/posts/people/<int:user_id>/": ("/office/posts/people/1/", LOG_IN, SCREENS),
    "office/posts/<int:post_id>/": ("/office/posts/1/", LOG_IN, SCREENS),
    "office/posts/<int:post_id>/<slug:deed>/": ("/office/posts/1/end/", LOG_IN, SCREENS),
    # As with posts; the file of a print that isn't done isn't there.
    "office/boards/": ("/office/boards/", LOG_IN, SCREENS),
    "office/boards/plan/": ("/office/boards/plan/", LOG_IN, SCREENS),
    "office/boards/prints/new/": ("/office/boards/prints/new/", LOG_IN, SCREENS),
    "office/boards/prints/<int:print_id>/": ("/office/boards/prints/1/", LOG_IN, SCREENS),
    "office/boards/prints/<int:print_id>/boards.pdf": ("/office/boards/prints/1/boards.pdf", LOG_IN, SCREENS),
    "office/boards/<int:board_id>/": ("/office/boards/1/", LOG_IN, SCREENS),
    "office/boards/<int:board_id>/sheet.pdf": ("/office/boards/1/sheet.pdf", LOG_IN, SCREENS),
    "office/boards/<int:board_id>/<slug:deed>/": ("/office/boards/1/hang/", LOG_IN, SCREENS),
    # Any post over the board's place opens its photos; others don't see them (404).
    "media/boards/<int:hanging_id>": ("/media/boards/1", UNAUTHORIZED, EVERYBODY),
    "office/units/<slug:code>/": ("/office/units/9901/", LOG_IN, SCREENS),
    "office/units/<slug:code>/card/": ("/office/units/9901/card/", LOG_IN, SCREENS),
    # As with cases: what isn't on the ground of his own office is not there to be changed (404).
    "office/organisations/": ("/office/organisations/", LOG_IN, SCREENS),
    "office/organisations/near/": ("/office/organisations/near/", LOG_IN, SCREENS),
    "office/organisations/new/": ("/office/organisations/new/", LOG_IN, SCREENS),
    "office/organisations/<int:organisation_id>/": ("/office/organisations/1/", LOG_IN, SCREENS),
    "office/organisations/<int:organisation_id>/edit/": ("/office/organisations/1/edit/", LOG_IN, SCREENS),
    "office/organisations/<int:organisation_id>/end/": ("/office/organisations/1/end/", LOG_IN, SCREENS),
    "office/organisations/<int:organisation_id>/offers/<int:offer_id>/": (
        "/office/organisations/1/offers/1/",
        LOG_IN,
        SCREENS,
    ),
    "office/organisations/<int:organisation_id>/offers/<int:offer_id>/end/": (
        "/office/organisations/1/offers/1/end/",
        LOG_IN,
        SCREENS,
    ),
    "office/facilities/": ("/office/facilities/", LOG_IN, SCREENS),
    "office/facilities/new/": ("/office/facilities/new/", LOG_IN, SCREENS),
    "office/facilities/<int:facility_id>/": ("/office/facilities/1/", LOG_IN, SCREENS),
    "office/facilities/<int:facility_id>/close/": ("/office/facilities/1/close/", LOG_IN, SCREENS),
    "office/facilities/<int:facility_id>/reopen/": ("/office/facilities/1/reopen/", LOG_IN, SCREENS),
    "office/volunteers/": ("/office/volunteers/", LOG_IN, SCREENS),
    "office/volunteers/new/": ("/office/volunteers/new/", LOG_IN, SCREENS),
    "office/volunteers/<int:volunteer_id>/": ("/office/volunteers/1/", LOG_IN, SCREENS),
    "office/volunteers/<int:volunteer_id>/end/": ("/office/volunteers/1/end/", LOG_IN, SCREENS),
    "office/volunteers/teams/new/": ("/office/volunteers/teams/new/", LOG_IN, SCREENS),
    "office/volunteers/teams/<int:team_id>/": ("/office/volunteers/teams/1/", LOG_IN, SCREENS),
    "office/volunteers/teams/<int:team_id>/end/": ("/office/volunteers/teams/1/end/", LOG_IN, SCREENS),
    "office/volunteers/records/": ("/office/volunteers/records/", LOG_IN, SCREENS),
    "office/volunteers/records/<int:record_id>/withdraw/": (
        "/office/volunteers/records/1/withdraw/",
        LOG_IN,
        SCREENS,
    ),
    "office/views/": ("/office/views/", LOG_IN, SCREENS),
    "office/views/<uuid:sentiment_id>/answer/": (f"/office/views/{SOME_ID}/answer/", LOG_IN, SCREENS),
    "office/norms/": ("/office/norms/", LOG_IN, SCREENS),
    "office/norms/<int:norm_id>/drop/": ("/office/norms/1/drop/", LOG_IN, SCREENS),
    "office/norms/standing/": ("/office/norms/standing/", LOG_IN, SCREENS),
    "office/norms/sizes/": ("/office/norms/sizes/", LOG_IN, SCREENS),
    "office/norms/sizes/<int:norm_id>/drop/": ("/office/norms/sizes/1/drop/", LOG_IN, SCREENS),
    "office/norms/funds/": ("/office/norms/funds/", LOG_IN, SCREENS),
    # Who has no post has no ground: there is no such map for him (404).
    "tiles/<layer:layer>.json": ("/tiles/base.json", UNAUTHORIZED, EVERYBODY),
    "tiles/units/<level:level>.json": ("/tiles/units/area.json", UNAUTHORIZED, EVERYBODY),
    UNITS_TILE: ("/tiles/units/area/0/20/0/0.mvt", UNAUTHORIZED, EVERYBODY),
    UNITS_TILE_OF_DAY: ("/tiles/units/area/2026-11-01/20/0/0.mvt", UNAUTHORIZED, EVERYBODY),
    "tiles/around.pmtiles": ("/tiles/around.pmtiles", UNAUTHORIZED, EVERYBODY),
    "office/units/<slug:code>/poster/": ("/office/units/9901/poster/", LOG_IN, SCREENS),
    TILE: ("/tiles/base/0/20/0/0.mvt", UNAUTHORIZED, EVERYBODY),
    "healthz": ("/healthz", OK, EVERYBODY),
    "accounts/login/": ("/accounts/login/", OK, EVERYBODY),
    "accounts/logout/": ("/accounts/logout/", LOG_IN, EVERYBODY),
    "accounts/inactive/": ("/accounts/inactive/", OK, EVERYBODY),
    "accounts/password/": ("/accounts/password/", LOG_IN, EVERYBODY),
    "language/": ("/language/", LOG_IN, EVERYBODY),
    "jsi18n/<str:language>/": ("/jsi18n/en/", OK, EVERYBODY),
    "api/matters": ("/api/matters", UNAUTHORIZED, EVERYBODY),
    "api/entry-checks": ("/api/entry-checks", METHOD, EVERYBODY),
    "api/units/at": ("/api/units/at?lon=116.31&lat=39.9", UNAUTHORIZED, EVERYBODY),
    # Whose cases these are is decided case by case: one that isn't his is not there for him (404).
    "api/incidents/<incident_id>": ("/api/incidents/1", UNAUTHORIZED, EVERYBODY),
    "api/incidents/<incident_id>/actions": ("/api/incidents/1/actions", METHOD, EVERYBODY),
    "api/incidents/<incident_id>/attachments": ("/api/incidents/1/attachments", METHOD, EVERYBODY),
    "api/attachments/<uuidstr:attachment_id>": (f"/api/attachments/{SOME_ID}", UNAUTHORIZED, EVERYBODY),
    # Plans: what isn't in one's units isn't there (404); who may do what is tested with the interface.
    "api/units": ("/api/units?level=area", UNAUTHORIZED, EVERYBODY),
    "api/plans": ("/api/plans", UNAUTHORIZED, EVERYBODY),
    "api/plans/<plan_id>": ("/api/plans/1", UNAUTHORIZED, EVERYBODY),
    "api/plans/<plan_id>/zones": ("/api/plans/1/zones?level=area", UNAUTHORIZED, EVERYBODY),
    "api/plans/<plan_id>/figures": ("/api/plans/1/figures?level=area", UNAUTHORIZED, EVERYBODY),
    "api/plans/<plan_id>/operations": ("/api/plans/1/operations?after=0&level=area", UNAUTHORIZED, EVERYBODY),
    "api/plans/<plan_id>/history": ("/api/plans/1/history", UNAUTHORIZED, EVERYBODY),
    "api/plans/<plan_id>/problems": ("/api/plans/1/problems", UNAUTHORIZED, EVERYBODY),
    "api/plans/<plan_id>/guides": ("/api/plans/1/guides?bbox=1,1,2,2", UNAUTHORIZED, EVERYBODY),
    "api/plans/<plan_id>/staff": ("/api/plans/1/staff?zone=u1", UNAUTHORIZED, EVERYBODY),
    "api/plans/<plan_id>/comments": ("/api/plans/1/comments", UNAUTHORIZED, EVERYBODY),
    "api/plans/<plan_id>/proposals/<proposal_id>": ("/api/plans/1/proposals/1", UNAUTHORIZED, EVERYBODY),
    "api/plans/<plan_id>/import": ("/api/plans/1/import", METHOD, EVERYBODY),
    "api/plans/<plan_id>/undo": ("/api/plans/1/undo", METHOD, EVERYBODY),
    "api/plans/<plan_id>/redo": ("/api/plans/1/redo", METHOD, EVERYBODY),
    "api/plans/<plan_id>/reasons": ("/api/plans/1/reasons", METHOD, EVERYBODY),
    "api/plans/<plan_id>/steps": ("/api/plans/1/steps", METHOD, EVERYBODY),
    "api/plans/<plan_id>/proposals": ("/api/plans/1/proposals", METHOD, EVERYBODY),
    "api/plans/<plan_id>/comments/<comment_id>/resolve": (
        "/api/plans/1/comments/1/resolve",
        METHOD,
        EVERYBODY,
    ),
    # The wall: what lies outside one's units isn't there (404).
    "api/wall/units": ("/api/wall/units", UNAUTHORIZED, SCREENS),
    "api/wall/units/<unit_id>": ("/api/wall/units/1", UNAUTHORIZED, SCREENS),
    # Who commands where, and does what, is tested with the interface.
    "api/wall/areas": ("/api/wall/areas", METHOD, EVERYBODY),
    "api/wall/emergencies/<uuidstr:call_id>": (f"/api/wall/emergencies/{SOME_ID}", METHOD, EVERYBODY),
    "api/wall/emergencies/<emergency_id>/end": ("/api/wall/emergencies/1/end", METHOD, EVERYBODY),
    "api/wall/emergencies/<emergency_id>/orders/<uuidstr:call_id>": (
        f"/api/wall/emergencies/1/orders/{SOME_ID}",
        METHOD,
        EVERYBODY,
    ),
    "api/wall/broadcasts/<uuidstr:call_id>": (f"/api/wall/broadcasts/{SOME_ID}", METHOD, EVERYBODY),
    "api/wall/broadcasts/<announcement_id>/end": ("/api/wall/broadcasts/1/end", METHOD, EVERYBODY),
    # As with the interface: a case that isn't his is not there for him (404).
    "api/wall/cases/<incident_id>/posts": ("/api/wall/cases/1/posts", UNAUTHORIZED, SCREENS),
    "api/wall/history": ("/api/wall/history?from=2026-01-01&to=2026-01-02", UNAUTHORIZED, SCREENS),
    "api/wall/history/at": ("/api/wall/history/at?at=2026-01-01", UNAUTHORIZED, SCREENS),
    "api/wall/history/days": ("/api/wall/history/days", UNAUTHORIZED, SCREENS),
    "api/wall/hotspots": ("/api/wall/hotspots", UNAUTHORIZED, SCREENS),
    "api/wall/panels": ("/api/wall/panels", UNAUTHORIZED, SCREENS),
    "api/wall/levels/<level>": ("/api/wall/levels/area", UNAUTHORIZED, SCREENS),
    "api/wall/ended": ("/api/wall/ended", UNAUTHORIZED, SCREENS),
    "api/wall/posts": ("/api/wall/posts", UNAUTHORIZED, SCREENS),
    "api/wall/at": ("/api/wall/at?lon=116.31&lat=39.9&level=area", UNAUTHORIZED, SCREENS),
    "api/my/tasks": ("/api/my/tasks", UNAUTHORIZED, EVERYBODY),
    "api/my/tasks/gone": ("/api/my/tasks/gone?id=1", UNAUTHORIZED, EVERYBODY),
    # The telephone reads only what is below one's own posts: without any, nothing.
    "api/phone/households": ("/api/phone/households", UNAUTHORIZED, EVERYBODY),
    "api/phone/households/<household_id>/visits": (
        "/api/phone/households/1/visits",
        UNAUTHORIZED,
        EVERYBODY,
    ),
    "api/phone/visits/<uuidstr:visit_id>": (f"/api/phone/visits/{SOME_ID}", METHOD, EVERYBODY),
    "api/phone/views/<uuidstr:sentiment_id>": (f"/api/phone/views/{SOME_ID}", METHOD, EVERYBODY),
    "api/phone/follow-ups/<uuidstr:call_id>": (f"/api/phone/follow-ups/{SOME_ID}", METHOD, EVERYBODY),
    "api/phone/places/<uuidstr:change_id>": (f"/api/phone/places/{SOME_ID}", METHOD, EVERYBODY),
    "api/phone/announcements": ("/api/phone/announcements", UNAUTHORIZED, EVERYBODY),
    "api/phone/readings/<uuidstr:call_id>": (f"/api/phone/readings/{SOME_ID}", METHOD, EVERYBODY),
    "api/phone/ground": ("/api/phone/ground", UNAUTHORIZED, EVERYBODY),
    # Where households are: the office of their units puts it right.
    "office/places/": ("/office/places/", LOG_IN, frozenset({PostKind.OFFICE_CLERK})),
    "office/coverage/": ("/office/coverage/", LOG_IN, SCREENS),
    "office/responsible/": ("/office/responsible/", LOG_IN, SCREENS),
    "office/buildings/": ("/office/buildings/", LOG_IN, frozenset({PostKind.OFFICE_CLERK})),
    "office/buildings/<int:building_id>/": (
        "/office/buildings/1/",
        LOG_IN,
        frozenset({PostKind.OFFICE_CLERK}),
    ),
    # A household that isn't in one's register is not there for him (404); none is written without the office.
    "api/places/households/<household_id>": ("/api/places/households/1", UNAUTHORIZED, EVERYBODY),
    "api/places/<uuidstr:change_id>": (f"/api/places/{SOME_ID}", METHOD, EVERYBODY),
    "api/places/<uuidstr:change_id>/undo": (f"/api/places/{SOME_ID}/undo", METHOD, EVERYBODY),
    "api/places/responsible": ("/api/places/responsible", METHOD, EVERYBODY),
    "api/phone/responsible": ("/api/phone/responsible?lon=116.31&lat=39.9", UNAUTHORIZED, EVERYBODY),
    "api/phone/duty": ("/api/phone/duty", UNAUTHORIZED, EVERYBODY),
    "api/phone/around": ("/api/phone/around", UNAUTHORIZED, EVERYBODY),
    # Whoever has the signed link; to anybody else it isn't there.
    "media/follow/<str:token>/<uuid:attachment_id>": (f"/media/follow/1/{SOME_ID}", NOT_THERE, EVERYBODY),
    "media/<uuid:attachment_id>": (f"/media/{SOME_ID}", UNAUTHORIZED, EVERYBODY),
    # The signature in the address is the right; without one that we made there is nothing, for anybody.
    "rate/<str:token>/": ("/rate/x/", NOT_THERE, EVERYBODY),
    "rate/<str:token>/qr.svg": ("/rate/x/qr.svg", NOT_THERE, EVERYBODY),
    # Residents have no account: anybody may report; a case is behind the signed link to it alone.
    "report/": ("/report/", OK, EVERYBODY),
    "report/<slug:code>/": ("/report/none/", NOT_THERE, EVERYBODY),
    "report/ground.json": ("/report/ground.json?lon=116.31&lat=39.9", OK, EVERYBODY),
    "report/follow/<str:token>/": ("/report/follow/x/", NOT_THERE, EVERYBODY),
    "report/follow/<str:token>/qr.svg": ("/report/follow/x/qr.svg", NOT_THERE, EVERYBODY),
    "api/follow/<token>/attachments": ("/api/follow/x/attachments", METHOD, EVERYBODY),
    "api/follow/<token>/attachments/<uuidstr:attachment_id>": (
        f"/api/follow/x/attachments/{SOME_ID}",
        NOT_THERE,
        EVERYBODY,
    ),
    "api/reports/<uuidstr:report_id>": (f"/api/reports/{SOME_ID}", METHOD, EVERYBODY),
}
