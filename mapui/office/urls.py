"""Addresses of the office; what is personal is in none of them."""

from __future__ import annotations

from django.urls import path

from mapui.office.access.urls import urlpatterns as access_pages
from mapui.office.announcements.views import announcements, readings
from mapui.office.announcements.views import end as end_announcement
from mapui.office.boards.board import board, change_board, print_sheet
from mapui.office.boards.views import begin, board_print, boards, plan, print_file
from mapui.office.card.views import card
from mapui.office.cases.contact import contact
from mapui.office.cases.export import export
from mapui.office.cases.late import late
from mapui.office.cases.page import case
from mapui.office.cases.views import case_list, saved_views
from mapui.office.duty.calendar import calendar_day, emergencies, end
from mapui.office.duty.views import change_roster, duty, edit_roster, roster
from mapui.office.errands import new_errand
from mapui.office.facilities.views import close as close_facility
from mapui.office.facilities.views import edit as edit_facility
from mapui.office.facilities.views import facilities
from mapui.office.facilities.views import reopen as reopen_facility
from mapui.office.households.urls import urlpatterns as household_pages
from mapui.office.imports.files import import_rows, import_template
from mapui.office.imports.views import change_import, import_list, import_run
from mapui.office.norms.sizes import drop as drop_size
from mapui.office.norms.sizes import sizes
from mapui.office.norms.standing import standing
from mapui.office.norms.views import drop as drop_norm
from mapui.office.norms.views import funds, norms
from mapui.office.organisations.views import edit as edit_organisation
from mapui.office.organisations.views import end as end_organisation
from mapui.office.organisations.views import near, offer_end, organisation, organisations
from mapui.office.party.urls import urlpatterns as party_pages
from mapui.office.places.urls import urlpatterns as places_pages
from mapui.office.poster import poster
from mapui.office.posts.unit import change_post, post, unit_posts
from mapui.office.posts.views import lacking, person, posts
from mapui.office.queue.views import phone_queue
from mapui.office.reports.views import maps, report, report_file, reports
from mapui.office.rules.catalogue import catalogue, change_matter, matter
from mapui.office.rules.files import catalogue_file, export_catalogue
from mapui.office.rules.grants import grants, stop_grant
from mapui.office.rules.negative import negative_list, remove_item
from mapui.office.rules.routes import remove_route, routes
from mapui.office.rules.texts import remove_template, templates
from mapui.office.sentiments.views import answer as answer_view
from mapui.office.sentiments.views import views
from mapui.office.statistics.views import statistics
from mapui.office.views import office, unit, unsettled
from mapui.office.volunteers import views as volunteers

urlpatterns = [
    path("", office, name="office"),
    path("units/<slug:code>/", unit, name="office_unit"),
    path("units/<slug:code>/poster/", poster, name="office_poster"),
    path("units/<slug:code>/card/", card, name="office_card"),
    path("organisations/", organisations, name="office_organisations"),
    path("organisations/near/", near, name="office_organisations_near"),
    path("organisations/new/", edit_organisation, name="office_organisation_new"),
    path("organisations/<int:organisation_id>/", organisation, name="office_organisation"),
    path("organisations/<int:organisation_id>/edit/", edit_organisation, name="office_organisation_edit"),
    path("organisations/<int:organisation_id>/end/", end_organisation, name="office_organisation_end"),
    path("organisations/<int:organisation_id>/offers/<int:offer_id>/", organisation, name="office_offer"),
    path(
        "organisations/<int:organisation_id>/offers/<int:offer_id>/end/", offer_end, name="office_offer_end"
    ),
    path("facilities/", facilities, name="office_facilities"),
    path("facilities/new/", edit_facility, name="office_facility_new"),
    path("facilities/<int:facility_id>/", edit_facility, name="office_facility"),
    path("facilities/<int:facility_id>/close/", close_facility, name="office_facility_close"),
    path("facilities/<int:facility_id>/reopen/", reopen_facility, name="office_facility_reopen"),
    path("volunteers/", volunteers.volunteers, name="office_volunteers"),
    path("volunteers/new/", volunteers.volunteer, name="office_volunteer_new"),
    path("volunteers/<int:volunteer_id>/", volunteers.volunteer, name="office_volunteer"),
    path("volunteers/<int:volunteer_id>/end/", volunteers.volunteer_end, name="office_volunteer_end"),
    path("volunteers/teams/new/", volunteers.team, name="office_volunteers_team_new"),
    path("volunteers/teams/<int:team_id>/", volunteers.team, name="office_volunteers_team"),
    path("volunteers/teams/<int:team_id>/end/", volunteers.team_end, name="office_volunteers_team_end"),
    path("volunteers/records/", volunteers.records, name="office_volunteers_records"),
    path(
        "volunteers/records/<int:record_id>/withdraw/", volunteers.withdraw, name="office_volunteers_withdraw"
    ),
    path("views/", views, name="office_views"),
    path("views/<uuid:sentiment_id>/answer/", answer_view, name="office_view_answer"),
    path("norms/", norms, name="office_norms"),
    path("norms/<int:norm_id>/drop/", drop_norm, name="office_norms_drop"),
    path("norms/standing/", standing, name="office_norms_standing"),
    path("norms/sizes/", sizes, name="office_norms_sizes"),
    path("norms/sizes/<int:norm_id>/drop/", drop_size, name="office_norms_size_drop"),
    path("norms/funds/", funds, name="office_norms_funds"),
    path("posts/", posts, name="office_posts"),
    path("posts/gaps/", lacking, name="office_posts_gaps"),
    path("posts/units/<slug:code>/", unit_posts, name="office_posts_unit"),
    path("posts/people/<int:user_id>/", person, name="office_posts_person"),
    path("posts/<int:post_id>/", post, name="office_posts_post"),
    path("posts/<int:post_id>/<slug:deed>/", change_post, name="office_posts_change"),
    path("boards/", boards, name="office_boards"),
    path("boards/plan/", plan, name="office_boards_plan"),
    path("boards/prints/new/", begin, name="office_boards_begin"),
    path("boards/prints/<int:print_id>/", board_print, name="office_boards_print"),
    path("boards/prints/<int:print_id>/boards.pdf", print_file, name="office_boards_file"),
    path("boards/<int:board_id>/", board, name="office_boards_board"),
    path("boards/<int:board_id>/sheet.pdf", print_sheet, name="office_boards_sheet"),
    path("boards/<int:board_id>/<slug:deed>/", change_board, name="office_boards_change"),
    path("unsettled/", unsettled, name="office_unsettled"),
    *places_pages,
    path("cases/", case_list, name="office_cases"),
    path("cases/views/", saved_views, name="office_case_views"),
    path("cases/export/<slug:kind>/", export, name="office_cases_export"),
    path("cases/<slug:number>/", case, name="office_case"),
    path("cases/<slug:number>/contact/", contact, name="office_case_contact"),
    path("late/", late, name="office_late"),
    *party_pages,
    *access_pages,
    *household_pages,
    path("errands/new/", new_errand, name="office_errand_new"),
    path("duty/", duty, name="office_duty"),
    path("duty/calendar/", calendar_day, name="office_calendar_day"),
    path("duty/new/", edit_roster, name="office_roster_new"),
    path("duty/<int:roster_id>/", roster, name="office_roster"),
    path("duty/<int:roster_id>/edit/", edit_roster, name="office_roster_edit"),
    path("duty/<int:roster_id>/<slug:deed>/", change_roster, name="office_roster_change"),
    path("emergencies/", emergencies, name="office_emergencies"),
    path("emergencies/<int:emergency_id>/end/", end, name="office_emergency_end"),
    path("announcements/", announcements, name="office_announcements"),
    path("announcements/<int:announcement_id>/", readings, name="office_announcement"),
    path("announcements/<int:announcement_id>/end/", end_announcement, name="office_announcement_end"),
    path("imports/", import_list, name="office_imports"),
    path("imports/templates/<slug:kind>.xlsx", import_template, name="office_import_template"),
    path("imports/<int:run_id>/", import_run, name="office_import"),
    path("imports/<int:run_id>/rows.xlsx", import_rows, name="office_import_rows"),
    path("imports/<int:run_id>/<slug:deed>/", change_import, name="office_import_change"),
    path("queue/", phone_queue, name="office_queue"),
    path("statistics/", statistics, name="office_statistics"),
    path("reports/", reports, name="office_reports"),
    path("reports/<int:report_id>/", report, name="office_report"),
    path("reports/<int:report_id>/maps/", maps, name="office_report_maps"),
    path("reports/<int:report_id>/report.<slug:kind>", report_file, name="office_report_file"),
    path("catalogue/", catalogue, name="office_rules"),
    path("catalogue/file/", catalogue_file, name="office_rules_file"),
    path("catalogue/<slug:kind>.xlsx", export_catalogue, name="office_rules_export"),
    path("catalogue/new/", matter, name="office_rules_matter_new"),
    path("catalogue/matters/<slug:code>/", matter, name="office_rules_matter"),
    path("catalogue/matters/<slug:code>/<slug:deed>/", change_matter, name="office_rules_matter_change"),
    path("routes/", routes, name="office_rules_routes"),
    path("routes/<int:rule_id>/", routes, name="office_rules_route"),
    path("routes/<int:rule_id>/delete/", remove_route, name="office_rules_route_delete"),
    path("negative-list/", negative_list, name="office_rules_negative"),
    path("negative-list/<int:item_id>/", negative_list, name="office_rules_negative_item"),
    path("negative-list/<int:item_id>/withdraw/", remove_item, name="office_rules_negative_withdraw"),
    path("templates/", templates, name="office_rules_templates"),
    path("templates/<int:template_id>/", templates, name="office_rules_template"),
    path("templates/<int:template_id>/delete/", remove_template, name="office_rules_template_delete"),
    path("grants/", grants, name="office_rules_grants"),
    path("grants/<int:grant_id>/end/", stop_grant, name="office_rules_grant_end"),
]
